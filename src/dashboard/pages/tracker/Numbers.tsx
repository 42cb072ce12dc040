// Do the numbers match? Our figures beside the tracker's own, over all days that were compared, then each day that differs.
import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { add, signOf, subtract } from '../../../core/decimal.ts';
import { count, dayOf, money } from '../../app/format.ts';
import { reconciliationQuery } from '../../app/trackers.ts';
import { Pending } from '../../parts/Pending.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import css from './Tracker.module.css';

interface Line {
  id: string;
  title: string;
  currency: string | null;
  ours: string;
  theirs: string;
  reason: string | null;
  isExplained: boolean;
}

const WORDS = { clicks: 'Clicks', cost: 'Cost', conversions: 'Conversions', revenue: 'Revenue' } as const;

const told = (value: string, currency: string | null): string =>
  currency === null ? count(Number(value)) : money(value, currency);

const COLUMNS: Column<Line>[] = [
  {
    ...{ key: 'title', title: 'Figure' },
    cell: ({ title, reason }) => (
      <Tooltip label={reason} disabled={reason === null} multiline maw={360}>
        <span className={reason === null ? undefined : css.noted} tabIndex={reason === null ? undefined : 0}>
          {title}
        </span>
      </Tooltip>
    ),
  },
  { key: 'ours', title: 'Here', width: 108, isNumber: true, cell: ({ ours, currency }) => told(ours, currency) },
  {
    key: 'theirs',
    title: 'Tracker',
    width: 116,
    from: 640,
    isNumber: true,
    cell: ({ theirs, currency }) => told(theirs, currency),
  },
  {
    ...{ key: 'difference', title: 'Difference', width: 96, isNumber: true },
    cell: ({ ours, theirs, currency, isExplained }) => {
      const difference = subtract(ours, theirs);
      const sign = signOf(difference);
      if (sign === 0) return <span className={css.muted}>–</span>;
      return (
        <span className={isExplained ? undefined : css.gone}>
          {sign > 0 ? '+' : ''}
          {told(difference, currency)}
        </span>
      );
    },
  },
];

/** The API's reason where there is none. */
const NOT_YET = 'not compared yet';

export function Numbers({ configId }: { configId: string }) {
  const { data: items, error } = useQuery(reconciliationQuery(configId));
  const compared = (items ?? []).flatMap(({ ours, theirs, day, ...rest }) =>
    ours === null || theirs === null || day === null
      ? []
      : [{ ...rest, day, ours: String(ours), theirs: String(theirs) }],
  );
  const days = new Set(compared.map(({ day }) => day));
  const latest =
    compared
      .flatMap(({ checkedAt }) => checkedAt ?? [])
      .sort()
      .at(-1) ?? null;
  const sums = new Map<string, Line>();
  for (const { column, currency, ours, theirs, state } of compared) {
    const id = `${column} ${currency ?? ''}`;
    const line = { id, title: WORDS[column], currency, ours: '0', theirs: '0', reason: null, isExplained: true };
    const before = sums.get(id) ?? line;
    sums.set(id, {
      ...before,
      ...{ ours: add(before.ours, ours), theirs: add(before.theirs, theirs) },
      isExplained: before.isExplained && (state === 'equal' || state === 'explained'),
    });
  }
  const byDay = compared
    .filter(({ state }) => state !== 'equal')
    .toReversed()
    .map(
      ({ day, column, currency, ours, theirs, reason, state }): Line => ({
        ...{ id: `${day} ${column} ${currency}`, title: `${dayOf(day)} · ${WORDS[column]}` },
        ...{ currency, ours, theirs, reason, isExplained: state === 'explained' },
      }),
    );
  const why = items?.find(({ reason }) => reason !== null)?.reason ?? 'it begins when the first sync is over';

  return (
    <Section
      title="Do the numbers match?"
      aside={
        latest === null ? undefined : (
          <>
            {days.size} days compared, <RelativeTime at={latest} />
          </>
        )
      }
    >
      {items === undefined ? (
        <Pending error={error} lines={5} />
      ) : compared.length === 0 ? (
        <p className={css.muted}>Nothing was compared yet{why === NOT_YET ? '' : `: ${why}`}.</p>
      ) : (
        <>
          <Table label="All days" columns={COLUMNS} rows={[...sums.values()]} idOf={({ id }) => id} />
          {byDay.length > 0 ? (
            <>
              <h3 className={css.subHead}>What differs, day by day</h3>
              <Table label="Days that differ" columns={COLUMNS} rows={byDay} idOf={({ id }) => id} />
            </>
          ) : (
            <p className={css.verdict}>Every day equals the tracker’s own totals.</p>
          )}
        </>
      )}
    </Section>
  );
}
