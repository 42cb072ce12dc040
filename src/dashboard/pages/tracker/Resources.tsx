// What the tracker gives: rows, freshness, and how well each is known.
import { Tooltip } from '@mantine/core';
import { RESOURCES, type Resource } from '../../../core/resources.ts';
import { count } from '../../app/format.ts';
import { EVIDENCE_WORDS, RESOURCE_WORDS } from '../../app/resources.ts';
import type { Tracker, TrackerType } from '../../app/trackers.ts';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import css from './Tracker.module.css';

interface Line {
  resource: Resource;
  state: 'ok' | 'unavailable' | 'pending';
  evidence: keyof typeof EVIDENCE_WORDS;
  rows: number;
  lastSyncedAt: string | null;
  words: string | null;
}

const COLUMNS: Column<Line>[] = [
  {
    ...{ key: 'resource', title: 'Resource' },
    cell: ({ resource, words }) => (
      <Tooltip label={words} disabled={words === null} multiline maw={360}>
        <span className={words === null ? undefined : css.noted}>{RESOURCE_WORDS[resource]}</span>
      </Tooltip>
    ),
  },
  {
    ...{ key: 'evidence', title: 'Evidence', width: 150, from: 640 },
    cell: ({ evidence, state }) =>
      state === 'unavailable' ? (
        <span className={css.gone}>Not given</span>
      ) : (
        <span className={css.muted}>{EVIDENCE_WORDS[evidence]}</span>
      ),
  },
  {
    ...{ key: 'rows', title: 'Rows', width: 110, isNumber: true },
    cell: ({ resource, rows }) => (resource === 'totals' ? '–' : count(rows)),
  },
  {
    ...{ key: 'fresh', title: 'Read', width: 104, isNumber: true },
    cell: ({ lastSyncedAt }) => <RelativeTime at={lastSyncedAt} />,
  },
];

export function Resources({ tracker, notes }: { tracker: Tracker; notes: TrackerType['resources'] }) {
  const lines = RESOURCES.flatMap((resource): Line[] => {
    const one = tracker.resources[resource];
    return one === undefined ? [] : [{ ...one, resource, words: one.reason ?? notes[resource]?.note ?? null }];
  });
  return (
    <Section title="Resources">
      <Table label="Resources" columns={COLUMNS} rows={lines} idOf={({ resource }) => resource} />
    </Section>
  );
}
