// Every call to the trackers, newest first.
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEndless } from '../../app/endless.ts';
import { trackersQuery } from '../../app/trackers.ts';
import { CALL_COLUMNS } from '../../parts/calls.tsx';
import { EndlessTable } from '../../parts/EndlessTable.tsx';
import type { Column } from '../../parts/Table.tsx';
import css from './AuditLog.module.css';
import { type AuditAsk, type Call, readEntries } from './search.ts';

export function Calls({ ask }: { ask: AuditAsk }) {
  const { data: trackers = [] } = useQuery(trackersQuery);
  const calls = useEndless(['audit-log', ask], async (cursor) => {
    const { items, nextCursor } = await readEntries(ask, cursor);
    return { items: items as Call[], nextCursor };
  });
  const isPhone = useMediaQuery('(max-width: 639px)');
  const nameOf = ({ configId }: Call) => trackers.find(({ id }) => id === configId)?.name ?? '–';
  const [at, ...more] = CALL_COLUMNS;
  const columns: Column<Call>[] = [
    at!,
    {
      ...{ key: 'tracker', title: 'Tracker', width: 200, from: 640 },
      cell: nameOf,
    },
    ...more.map(
      (column): Column<Call> =>
        column.key !== 'url'
          ? column
          : {
              ...column,
              cell: (call) => (
                <>
                  {column.cell(call)}
                  <div className={css.small}>{nameOf(call)}</div>
                </>
              ),
            },
    ),
  ];
  return (
    <EndlessTable
      label="Calls to the trackers"
      list={calls}
      columns={columns}
      rowHeight={isPhone ? 52 : 36}
      idOf={({ id }) => id}
      empty={<p className={css.none}>No call fits. Choose more days, or take a filter away.</p>}
    />
  );
}
