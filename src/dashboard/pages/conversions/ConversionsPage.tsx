// The conversions, newest first, each with its story; what is shown is in the address, and comes as a file too.
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { downloadCsv } from '../../app/download.ts';
import { useEndless } from '../../app/endless.ts';
import { ownZone } from '../../app/range.ts';
import { trackersQuery } from '../../app/trackers.ts';
import { ConversionPanel } from '../../parts/ConversionPanel.tsx';
import { EndlessTable } from '../../parts/EndlessTable.tsx';
import { useNow } from '../../parts/now.ts';
import { PageHead } from '../../parts/PageHead.tsx';
import css from './Conversions.module.css';
import { columnsOf } from './columns.tsx';
import { Filters } from './Filters.tsx';
import { askOf, type ConversionSearch, readConversions } from './search.ts';
import { Totals } from './Totals.tsx';
import { WhyNone } from './WhyNone.tsx';

const route = getRouteApi('/conversions');

export function ConversionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isPhone = useMediaQuery('(max-width: 639px)');
  const isWide = useMediaQuery('(min-width: 1200px)') ?? true;
  const { data: trackers = [] } = useQuery(trackersQuery);
  const trackerOf = (configId: string) => trackers.find((one) => one.id === configId)?.name ?? '–';
  const { id, ...asked } = search;
  const ask = askOf(asked, useNow(60_000));
  const { tz: zone = ownZone() } = asked;
  const conversions = useEndless(['conversions', ask], (cursor) => readConversions(ask, cursor));
  const download = useMutation({
    mutationFn: () => downloadCsv('conversions', { ...ask }, 'conversions.csv'),
    onError: ({ message }) => notifications.show({ title: 'CSV', message, color: 'red' }),
  });
  const change = (next: ConversionSearch) => navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const isNarrowed = [asked.configId, asked.status, asked.rawStatus, asked.campaignId, asked.q].some(
    (one) => one !== undefined,
  );
  return (
    <>
      <PageHead title="Conversions">
        <Button
          variant="default"
          leftSection={<Download size={14} />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          CSV
        </Button>
      </PageHead>
      <Filters search={search} onChange={change} />
      <Totals ask={ask} zone={zone} />
      {asked.q !== undefined && <p className={css.note}>An id is looked for on all days.</p>}
      <EndlessTable
        label="Conversions"
        list={conversions}
        columns={columnsOf({ zone, isWide, trackerOf })}
        rowHeight={isPhone ? 52 : 36}
        idOf={(row) => row.id}
        onOpen={(row) => navigate({ search: (now) => ({ ...now, id: row.id }) })}
        empty={<WhyNone configId={asked.configId} isNarrowed={isNarrowed} />}
      />
      <ConversionPanel id={id} zone={zone} onClose={() => navigate({ search: (now) => ({ ...now, id: undefined }) })} />
    </>
  );
}
