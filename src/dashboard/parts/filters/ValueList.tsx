// Which values of a dimension are wanted: searched among what the report shows.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { titleOf } from '../../app/dimensions.ts';
import { count } from '../../app/format.ts';
import type { Range } from '../../app/range.ts';
import type { ReportSearch } from '../../app/report-search.ts';
import { Notice } from '../Notice.tsx';
import { Waiting } from '../Waiting.tsx';
import css from './Filters.module.css';
import { useValues } from './values.ts';

interface Props {
  dimension: string;
  search: ReportSearch;
  range: Range;
  onChoose(values: string[]): void;
}

const MOST_DRAWN = 200;

export function ValueList({ dimension, search, range, onChoose }: Props) {
  const { values, error } = useValues(dimension, search, range);
  const [chosen, setChosen] = useState<readonly string[]>(search.filter?.[dimension] ?? []);
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const fitting = (values ?? []).filter(({ label, value, whose }) =>
    `${label} ${whose ?? ''} ${value}`.toLowerCase().includes(wanted),
  );
  const isOfConversions = dimension === 'status' || dimension === 'rawStatus';
  const toggle = (value: string) =>
    setChosen((now) => (now.includes(value) ? now.filter((other) => other !== value) : [...now, value]));
  /** Enter may be quicker than what it is meant for. */
  const [isAwaited, setAwaited] = useState(false);
  const apply = () => {
    // A search with one answer needs no click on it.
    const only = fitting.length === 1 && chosen.length === 0 ? [fitting[0]!.value] : chosen;
    onChoose([...only]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (values === null) setAwaited(true);
    else apply();
  };
  useEffect(() => {
    if (!isAwaited || values === null) return;
    setAwaited(false);
    apply();
  });
  return (
    <form className={css.values} onSubmit={submit} aria-label={`Filter by ${titleOf(dimension)}`}>
      <TextInput
        data-autofocus
        aria-label={`Search ${titleOf(dimension)}`}
        placeholder={`Search ${titleOf(dimension).toLowerCase()}`}
        leftSection={<Search size={14} />}
        value={words}
        onChange={({ currentTarget }) => {
          setWords(currentTarget.value);
          setAwaited(false);
        }}
      />
      {error !== null && values === null && <Notice tone="bad" title={error.message} />}
      {values === null && error === null ? (
        <Waiting lines={5} height={32} />
      ) : (
        <div className={css.list}>
          {fitting.slice(0, MOST_DRAWN).map(({ value, label, whose, clicks, conversions }) => (
            <Checkbox
              key={value}
              size="xs"
              title={whose === null ? label : `${label} · ${whose}`}
              classNames={{ root: css.value, body: css.valueBody, labelWrapper: css.valueWords, label: css.valueLabel }}
              label={
                <>
                  <span className={css.valueName}>
                    {label} {whose !== null && <span className={css.valueWhose}>{whose}</span>}
                  </span>
                  <span className={css.valueCount}>{count(isOfConversions ? conversions : clicks)}</span>
                </>
              }
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
          ))}
          {fitting.length === 0 && <p className={css.none}>Nothing by that name in this report.</p>}
          {fitting.length > MOST_DRAWN && (
            <p className={css.none}>{count(fitting.length - MOST_DRAWN)} more: type to find them.</p>
          )}
        </div>
      )}
      <Button type="submit" size="xs" loading={isAwaited}>
        Apply
      </Button>
    </form>
  );
}
