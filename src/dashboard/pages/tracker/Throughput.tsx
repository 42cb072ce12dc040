// How much was read in each of the last hours: bars from zero, the figures on hover.
import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { count } from '../../app/format.ts';
import { MOST_RUNS, runsQuery } from '../../app/trackers.ts';
import { useNow } from '../../parts/now.ts';
import { Section } from '../../parts/Section.tsx';
import css from './Tracker.module.css';
import { throughputOf } from './throughput.ts';

const HOURS = 24;
const hourOf = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const HOUR_MS = 3_600_000;

export function Throughput({ configId }: { configId: string }) {
  const { data: runs = [] } = useQuery(runsQuery(configId));
  const hours = throughputOf(runs, useNow(60_000), HOURS, runs.length < MOST_RUNS);
  if (hours.length === 0) return null;
  const most = Math.max(...hours.map(({ rows }) => rows));
  const said = ({ atMs, rows, calls }: (typeof hours)[number]) =>
    `${hourOf.format(atMs)} – ${hourOf.format(atMs + HOUR_MS)}: ${count(rows)} rows read in ${count(calls)} calls`;
  return (
    <Section title="Throughput" aside={`At most ${count(most)} rows an hour, last ${hours.length} hours`}>
      <div className={css.bars} role="img" aria-label={`At most ${count(most)} rows an hour`}>
        {hours.map((hour) => (
          <Tooltip key={hour.atMs} label={said(hour)}>
            <div className={css.bar}>
              <div style={{ height: `${most === 0 ? 0 : (100 * hour.rows) / most}%` }} />
            </div>
          </Tooltip>
        ))}
      </div>
      <div className={css.axis}>
        <span>{hourOf.format(hours[0]!.atMs)}</span>
        <span>Now</span>
      </div>
    </Section>
  );
}
