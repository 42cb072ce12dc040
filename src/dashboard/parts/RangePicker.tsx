// Which days, and whose: presets, own dates, and the zone in which days begin. What is chosen goes into the address.
import { Button, Popover } from '@mantine/core';
import { CalendarDays } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { daySpan } from '../app/format.ts';
import { ownZone, PRESETS, type Preset, type RangeSearch, rangeOf } from '../app/range.ts';
import { useNow } from './now.ts';
import { OwnDates } from './OwnDates.tsx';
import css from './RangePicker.module.css';
import { ZoneSelect } from './ZoneSelect.tsx';

interface Props {
  value: RangeSearch;
  /** The whole range anew: what is undefined leaves the address. */
  onChange(next: { [Key in keyof Required<RangeSearch>]: RangeSearch[Key] }): void;
}

export function RangePicker({ value, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { first, last, preset, zone } = rangeOf(value, useNow(60_000));
  const choose = (next: RangeSearch) => {
    onChange({ range: undefined, from: undefined, to: undefined, tz: zone, ...next });
  };
  const done = (next: RangeSearch) => {
    choose(next);
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<CalendarDays size={14} aria-hidden />}
          onClick={() => setOpen((now) => !now)}
        >
          <span className={css.unseen}>Range: </span>
          {preset !== null && <span className={css.preset}>{PRESETS[preset]}</span>}
          <span className={preset === null ? undefined : css.days}>{daySpan(first, last)}</span>
          {zone === ownZone() ? (
            <span className={css.unseen}>, in {zone}</span>
          ) : (
            <span className={css.zone}>{placeOf(zone)}</span>
          )}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={css.panel} aria-label="Range">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a list */}
        <div className={css.presets} role="group" aria-label="Usual ranges" onKeyDown={moveFocus}>
          {(Object.keys(PRESETS) as Preset[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === preset}
              data-autofocus={name === preset || undefined}
              onClick={() => done({ range: name })}
            >
              {PRESETS[name]}
            </button>
          ))}
        </div>
        <div className={css.own}>
          <OwnDates key={`${first} ${last}`} first={first} last={last} onChoose={(from, to) => done({ from, to })} />
          <ZoneSelect
            value={zone}
            onChange={(tz) => choose({ ...(preset === null ? { from: first, to: last } : { range: preset }), tz })}
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** `New York`: its city is enough where the whole name is in the panel. */
const placeOf = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const all = [...event.currentTarget.querySelectorAll('button')];
  const at = all.indexOf(event.target as HTMLButtonElement);
  if (step === undefined || at < 0) return;
  event.preventDefault();
  all[(at + step + all.length) % all.length]?.focus();
}
