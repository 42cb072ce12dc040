// Who did what, and every call to the trackers: two lists, their filters in the address, each as a file too.
import { Button, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { downloadCsv } from '../../app/download.ts';
import { rangeOf } from '../../app/range.ts';
import { useNow } from '../../parts/now.ts';
import { PageHead } from '../../parts/PageHead.tsx';
import { Calls } from './Calls.tsx';
import { Deeds } from './Deeds.tsx';
import { Filters } from './Filters.tsx';
import { SOURCES, type Source } from './search.ts';

const route = getRouteApi('/audit-log');

export function AuditLogPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { source = 'user', range, from, to, tz, ...filters } = search;
  const span = rangeOf({ range, from, to, tz }, useNow(60_000));
  const ask = { ...filters, source, from: span.from, to: span.to };
  const download = useMutation({
    mutationFn: () => downloadCsv('audit-log', ask, source === 'user' ? 'audit-log.csv' : 'tracker-calls.csv'),
    onError: ({ message }) => notifications.show({ title: 'CSV', message, color: 'red' }),
  });
  return (
    <>
      <PageHead
        title="Audit log"
        beside={
          <SegmentedControl
            aria-label="What is listed"
            size="xs"
            data={SOURCES}
            value={source}
            // The filters of the one list are not those of the other.
            onChange={(next) => navigate({ search: { source: next as Source, range, from, to, tz } })}
          />
        }
      >
        <Button
          variant="default"
          leftSection={<Download size={14} />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          CSV
        </Button>
      </PageHead>
      <Filters
        key={source}
        search={search}
        source={source}
        onChange={(next) => navigate({ search: (now) => ({ ...now, ...next }), replace: true })}
      />
      {source === 'user' ? <Deeds ask={ask} /> : <Calls ask={ask} />}
    </>
  );
}
