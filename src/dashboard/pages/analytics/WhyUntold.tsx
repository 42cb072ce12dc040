// A quiet line: which figures are not told, which trackers do not tell them and why, and the way to those that do.
import { UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { type Tracker, trackersQuery } from '../../app/trackers.ts';
import { QuietLine } from '../../parts/QuietLine.tsx';
import css from './Analytics.module.css';
import type { Untold } from './untold.ts';

interface Props {
  untold: Untold;
  /** Of the report; all of them where none is named. */
  configIds: readonly string[] | undefined;
  /** Where there is little room. */
  isBrief?: boolean;
  onLeaveOut(others: string[]): void;
}

const MOST_NAMED = 3;

export function WhyUntold({ untold: { what, configIds: silent }, configIds, isBrief = false, onLeaveOut }: Props) {
  const { data: trackers } = useQuery(trackersQuery);
  if (silent === null || trackers === undefined) return <QuietLine>{what}.</QuietLine>;
  const named = trackers.filter(({ id }) => silent.includes(id));
  const others = trackers.filter(({ id }) => !silent.includes(id) && (configIds?.includes(id) ?? true));
  const [only] = named.length === 1 ? named : [];
  const gives = `${only === undefined ? 'give' : 'gives'} no complete click log, only daily totals by campaign.`;
  if (isBrief)
    return (
      <QuietLine>
        {what}: {only?.name ?? `${named.length} trackers`} {gives}
      </QuietLine>
    );
  return (
    <QuietLine>
      {what}:{' '}
      {named.slice(0, MOST_NAMED).map((tracker, place) => (
        <Fragment key={tracker.id}>
          {place > 0 && (place === named.length - 1 ? ' and ' : ', ')}
          <Link to="/trackers/$configId" params={{ configId: tracker.id }} title={refusalOf(tracker) ?? undefined}>
            {tracker.name}
          </Link>
        </Fragment>
      ))}
      {named.length > MOST_NAMED && ` and ${named.length - MOST_NAMED} more`} {gives}
      {only !== undefined && refusalOf(only) !== null && ` ${refusalOf(only)}`}
      {others.length > 0 && (
        <>
          {' '}
          <UnstyledButton className={css.leaveOut} onClick={() => onLeaveOut(others.map(({ id }) => id))}>
            {others.length === 1 ? `See ${others[0]!.name} alone` : 'See the other trackers alone'}
          </UnstyledButton>
        </>
      )}
    </QuietLine>
  );
}

/** In the tracker's own words, where it was asked and said no. */
const refusalOf = ({ resources: { clicks } }: Tracker): string | null =>
  clicks?.state === 'unavailable' ? clicks.reason : null;
