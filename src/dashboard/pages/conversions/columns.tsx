// What a line of the conversions tells.
import { clock, exact, money } from '../../app/format.ts';
import { wordOf } from '../../app/statuses.ts';
import { StatusWord } from '../../parts/StatusWord.tsx';
import type { Column } from '../../parts/Table.tsx';
import css from './Conversions.module.css';
import type { Conversion } from './search.ts';

const nameOf = (entity: { name: string | null; externalId: string } | null): string =>
  entity === null ? '–' : (entity.name ?? entity.externalId);

const When = ({ at, zone }: { at: string; zone: string }) => (
  <time dateTime={at} title={exact(at, zone)}>
    {clock(at, zone)}
  </time>
);

interface Told {
  /** Of the range: its days begin at midnight there. */
  zone: string;
  /** Where there is room, the campaign has what is left; else it shares with the status. */
  isWide: boolean;
  trackerOf(configId: string): string;
}

export const columnsOf = ({ zone, isWide, trackerOf }: Told): Column<Conversion>[] => [
  {
    ...{ key: 'when', title: 'Time', width: 140, from: 640 },
    cell: ({ convertedAt }) => <When at={convertedAt} zone={zone} />,
  },
  {
    ...{ key: 'status', title: 'Status', ...(isWide && { width: 260 }) },
    cell: (row) => (
      <>
        <span className={css.status}>
          <StatusWord status={row.status} reversed={row.reversed} />
          <span className={css.raw} title={row.rawStatus}>
            {wordOf(row.rawStatus)}
          </span>
        </span>
        <span className={css.small}>
          <When at={row.convertedAt} zone={zone} /> · {nameOf(row.campaign)}
        </span>
      </>
    ),
  },
  {
    ...{ key: 'revenue', title: 'Revenue', width: 130, isNumber: true },
    cell: ({ revenue, currency, status }) => {
      const told = currency === null ? (revenue ?? '–') : money(revenue, currency);
      if (status !== 'rejected') return told;
      return (
        <span className={css.uncounted} title="Rejected: no report counts it">
          {told}
        </span>
      );
    },
  },
  {
    ...{ key: 'campaign', title: 'Campaign', from: 640 },
    cell: ({ campaign }) => <span title={nameOf(campaign)}>{nameOf(campaign)}</span>,
  },
  {
    key: 'tracker',
    title: 'Tracker',
    width: 180,
    from: 900,
    cell: ({ configId }) => <span title={trackerOf(configId)}>{trackerOf(configId)}</span>,
  },
  {
    ...{ key: 'click', title: 'Click', width: 170, from: 1200 },
    cell: ({ clickExternalId }) => (clickExternalId === null ? '–' : <code className={css.id}>{clickExternalId}</code>),
  },
  {
    ...{ key: 'transaction', title: 'Transaction', width: 130, from: 1200 },
    cell: ({ transactionId }) => (transactionId === null ? '–' : <code className={css.id}>{transactionId}</code>),
  },
];
