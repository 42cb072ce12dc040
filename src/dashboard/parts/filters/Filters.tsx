// The filters of a report as chips: one a dimension, changed by a click on it, gone by its cross.
import { CloseButton, Popover, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { isTime, titleOf } from '../../app/dimensions.ts';
import type { Range } from '../../app/range.ts';
import type { ReportSearch } from '../../app/report-search.ts';
import { DimensionPicker } from './DimensionPicker.tsx';
import css from './Filters.module.css';
import { useNames } from './names.ts';
import { ValueList } from './ValueList.tsx';
import { useValues } from './values.ts';

interface Props {
  search: ReportSearch;
  range: Range;
  /** The values that are wanted of a dimension. */
  onChange(name: string, values: readonly string[]): void;
}

export function Filters({ search, range, onChange }: Props) {
  const { filter = {} } = search;
  const [added, setAdded] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useHotkeys([['/', () => place.current?.querySelector<HTMLElement>('[data-key="/"]')?.click()]]);
  const names = [...Object.keys(filter), ...(added === null || added in filter ? [] : [added])];
  const change = (name: string, values: readonly string[]) => {
    setAdded(null);
    onChange(name, values);
  };
  return (
    <div className={css.chips} ref={place}>
      {names.map((name) => (
        <Chip
          key={name}
          {...{ name, search, range }}
          isNew={name === added}
          onChange={(values) => change(name, values)}
          onLeave={() => setAdded(null)}
        />
      ))}
      <DimensionPicker
        label="Filter"
        openKey="/"
        offers={(name) => !isTime(name) && !names.includes(name)}
        onPick={setAdded}
      />
    </div>
  );
}

interface ChipProps {
  name: string;
  search: ReportSearch;
  range: Range;
  isNew: boolean;
  onChange(values: readonly string[]): void;
  onLeave(): void;
}

function Chip({ name, search, range, isNew, onChange, onLeave }: ChipProps) {
  const [isOpen, setOpen] = useState(isNew);
  const chosen = search.filter?.[name] ?? [];
  const words = useNames(name, chosen, useValues(name, search, range).values);
  const leave = (open: boolean) => {
    setOpen(open);
    if (!open && chosen.length === 0) onLeave();
  };
  return (
    <Popover opened={isOpen} onChange={leave} position="bottom-start" shadow="md" trapFocus returnFocus width={280}>
      <div className={css.chip}>
        <Popover.Target>
          <UnstyledButton className={css.chipName} onClick={() => leave(!isOpen)}>
            <span className={css.chipTitle}>{titleOf(name)}</span>
            <span className={css.chipWords}>{chosen.length === 0 ? '…' : wordsOf(words)}</span>
          </UnstyledButton>
        </Popover.Target>
        <CloseButton size="xs" onClick={() => onChange([])} aria-label={`Remove the filter ${titleOf(name)}`} />
      </div>
      <Popover.Dropdown p={8}>
        <ValueList
          {...{ search, range }}
          dimension={name}
          onChoose={(next) => {
            setOpen(false);
            onChange(next);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

const MOST_NAMED = 2;
const wordsOf = (words: readonly string[]): string =>
  words.length <= MOST_NAMED ? words.join(', ') : `${words[0]} and ${words.length - 1} more`;
