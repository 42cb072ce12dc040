// Do the numbers match? Our figures beside the tracker's own, over all days that were compared, then what differs.
import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { signOf, subtract } from '../../../core/decimal.ts';
import { count, money } from '../../app/format.ts';
import { reconciliationQuery } from '../../app/trackers.ts';
import { Pending } from '../../parts/Pending.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { differencesOf, equalDays, type Line, sumsOf } from './differences.ts';
import css from './Tracker.module.css';

const told = (value: string, currency: string | null): string =>
  currency === null ? count(Number(value)) : money(value, currency);

function differenceOf({ ours, theirs, currency }: Line): string {
  const difference = subtract(ours, theirs);
  const sign = signOf(difference);
  return sign === 0 ? '–' : `${sign > 0 ? '+' : ''}${told(difference, currency)}`;
}

/** Of a digit, and what stands around a figure. */
const DIGIT = 7.8;
const PADDING = 28;
const LEAST = 88;

/** Wide enough for the longest figure: no digit is ever cut off. */
const widthOf = (texts: readonly string[]): number =>
  Math.ceil(Math.max(LEAST, Math.max(0, ...texts.map(({ length }) => length)) * DIGIT + PADDING));

function columnsOf(lines: readonly Line[]): Column<Line>[] {
  const figures = (title: string, of: (line: Line) => string) => ({
    ...{ key: title, title, isNumber: true, width: widthOf(lines.map(of)) },
  });
  const ours = ({ ours, currency }: Line) => told(ours, currency);
  const theirs = ({ theirs, currency }: Line) => told(theirs, currency);
  return [
    {
      ...{ key: 'title', title: 'Figure' },
      cell: ({ title, days, reason }) => (
        <Tooltip label={reason} disabled={reason === null} multiline maw={360}>
          <span className={css.figure} tabIndex={reason === null ? undefined : 0}>
            <span className={reason === null ? undefined : css.noted}>{title}</span>
            {days !== null && <span className={css.ofDays}>{days}</span>}
          </span>
        </Tooltip>
      ),
    },
    { ...figures('Here', ours), cell: ours },
    { ...figures('Tracker', theirs), from: 640, cell: theirs },
    {
      ...figures('Difference', differenceOf),
      cell: (line) => {
        const tone = line.ours === line.theirs ? css.muted : line.isExplained ? undefined : css.gone;
        return <span className={tone}>{differenceOf(line)}</span>;
      },
    },
  ];
}

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
  const [sums, differences, equal] = [sumsOf(compared), differencesOf(compared), equalDays(compared)];
  const columns = columnsOf([...sums, ...differences]);
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
          <Table label="All days" columns={columns} rows={sums} idOf={({ id }) => id} />
          {differences.length === 0 ? (
            <p className={css.verdict}>Every day equals the tracker’s own totals.</p>
          ) : (
            <>
              <h3 className={css.subHead}>What differs</h3>
              <Table
                label="Days that differ"
                columns={columns}
                rows={differences}
                rowHeight={44}
                idOf={({ id }) => id}
              />
              {equal > 0 && (
                <p className={css.verdict}>
                  {equal === 1 ? 'One other day equals' : `The other ${equal} days equal`} the tracker’s own totals.
                </p>
              )}
            </>
          )}
        </>
      )}
    </Section>
  );
}
