// What people did, newest first; a row opens what was before and what after.
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { shortAddress } from '../../app/addresses.ts';
import { useEndless } from '../../app/endless.ts';
import { trackersQuery } from '../../app/trackers.ts';
import { EndlessTable } from '../../parts/EndlessTable.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import type { Column } from '../../parts/Table.tsx';
import css from './AuditLog.module.css';
import { DeedDetails } from './DeedDetails.tsx';
import { type AuditAsk, type Deed, readEntries } from './search.ts';
import { actionWords } from './words.ts';

const Who = ({ actorName, actorType }: Deed) => (
  <>
    {actorName ?? 'Tracker Hub'}
    {actorType === 'api_key' && <span className={css.quiet}> · API key</span>}
  </>
);

const columnsOf = (nameOf: (deed: Deed) => string): Column<Deed>[] => [
  { key: 'at', title: 'When', width: 96, cell: ({ at }) => <RelativeTime at={at} /> },
  {
    ...{ key: 'who', title: 'Who', width: 220, from: 640 },
    cell: (deed) => <Who {...deed} />,
  },
  {
    ...{ key: 'action', title: 'What' },
    cell: (deed) => (
      <>
        {actionWords(deed.action)}
        <div className={css.small}>
          <Who {...deed} />
        </div>
      </>
    ),
  },
  { key: 'target', title: 'To what', from: 640, cell: (deed) => nameOf(deed) },
  { key: 'ip', title: 'From', width: 150, from: 1200, cell: ({ ip }) => (ip === null ? '–' : shortAddress(ip)) },
];

export function Deeds({ ask }: { ask: AuditAsk }) {
  const { data: trackers = [] } = useQuery(trackersQuery);
  const isPhone = useMediaQuery('(max-width: 639px)');
  const [opened, setOpened] = useState<Deed | null>(null);
  const deeds = useEndless(['audit-log', ask], async (cursor) => {
    const { items, nextCursor } = await readEntries(ask, cursor);
    return { items: items as Deed[], nextCursor };
  });
  const nameOf = ({ targetType, targetId, before, after }: Deed): string => {
    const said = after?.name ?? before?.name ?? after?.email ?? before?.email;
    if (typeof said === 'string') return said;
    if (targetType === 'tracker') return trackers.find(({ id }) => id === targetId)?.name ?? 'a tracker';
    return '–';
  };
  return (
    <>
      <EndlessTable
        label="What people did"
        list={deeds}
        columns={columnsOf(nameOf)}
        rowHeight={isPhone ? 52 : 36}
        idOf={(deed) => deed.id}
        onOpen={(deed) => setOpened(deed)}
        empty={<p className={css.none}>Nothing was done then that fits. Choose more days, or take a filter away.</p>}
      />
      <DeedDetails deed={opened} target={opened === null ? '' : nameOf(opened)} onClose={() => setOpened(null)} />
    </>
  );
}
