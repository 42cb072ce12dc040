// Since when: a preset, or a day and time of one's own.
import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useTyped } from '../../app/typed.ts';
import { isMoment, LONGEST_DAYS, momentOf, SINCE } from './search.ts';
import css from './WhatMoved.module.css';

interface Props {
  /** As the address says it. */
  since: string | undefined;
  /** The moment that it means. */
  sinceMs: number;
  nowMs: number;
  onChange(since: string | undefined): void;
}

const OWN = 'own';

export function SinceSelect({ since, sinceMs, nowMs, onChange }: Props) {
  const isOwn = isMoment(since);
  const isPhone = useMediaQuery('(max-width: 639px)') ?? false;
  const presets = Object.entries(SINCE).map(([value, label]) => ({ value, label }));
  const choices = {
    ...{ 'aria-label': 'Since', data: [...presets, { value: OWN, label: 'Own time' }] },
    value: isOwn ? OWN : (since ?? 'yesterday'),
  };
  const choose = (value: string) => {
    if (value === OWN) onChange(momentOf(sinceMs));
    else onChange(value === 'yesterday' ? undefined : value);
  };
  return (
    <div className={css.since}>
      <span>Since</span>
      {isPhone ? (
        <Select {...choices} allowDeselect={false} onChange={(value) => value !== null && choose(value)} />
      ) : (
        <SegmentedControl {...choices} onChange={choose} />
      )}
      {isOwn && <OwnTime sinceMs={sinceMs} nowMs={nowMs} onChange={onChange} />}
    </div>
  );
}

/** A field for a time has it without a zone: the reader's. */
function fieldOf(atMs: number): string {
  const at = new Date(atMs);
  return new Date(atMs - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const DAY_MS = 86_400_000;

function OwnTime({ sinceMs, nowMs, onChange }: Omit<Props, 'since'>) {
  const [typed, type] = useTyped(fieldOf(sinceMs), (value = '') => {
    const atMs = Date.parse(value);
    if (troubleOf(atMs, Date.now()) === null) onChange(momentOf(atMs));
  });
  const trouble = troubleOf(Date.parse(typed), nowMs);
  return (
    <TextInput
      type="datetime-local"
      aria-label="Since this time"
      className={css.ownTime}
      value={typed}
      min={fieldOf(nowMs - LONGEST_DAYS * DAY_MS)}
      max={fieldOf(nowMs)}
      error={trouble}
      onChange={({ currentTarget: { value } }) => type(value)}
    />
  );
}

function troubleOf(atMs: number, nowMs: number): string | null {
  if (Number.isNaN(atMs)) return 'Enter a day and a time.';
  if (atMs > nowMs) return 'That is yet to come.';
  return nowMs - atMs > LONGEST_DAYS * DAY_MS ? `At most ${LONGEST_DAYS} days back.` : null;
}
