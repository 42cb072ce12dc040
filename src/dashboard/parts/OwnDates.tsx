// Two days of one's own, both meant whole.
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { isDay, LONGEST_DAYS, shiftDay } from '../app/range.ts';
import css from './RangePicker.module.css';

interface Props {
  first: string;
  last: string;
  onChoose(first: string, last: string): void;
}

export function OwnDates({ first, last, onChoose }: Props) {
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const trouble = troubleOf(from, to);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (trouble === null) onChoose(from, to);
  };
  return (
    <form onSubmit={submit}>
      <div className={css.dates}>
        <TextInput
          type="date"
          label="From"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput type="date" label="To" value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)} />
        <Button type="submit" variant="default" disabled={trouble !== null}>
          Show
        </Button>
      </div>
      <p className={css.trouble} role="status">
        {trouble}
      </p>
    </form>
  );
}

function troubleOf(from: string, to: string): string | null {
  if (!isDay(from) || !isDay(to)) return 'Enter both days.';
  if (from > to) return 'The first day must not be after the last.';
  return shiftDay(from, LONGEST_DAYS) <= to ? `At most ${LONGEST_DAYS} days.` : null;
}
