// What the report is grouped by, as tokens: another one by a click, dragged or moved by arrow keys, gone by their cross.
import { CloseButton } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { titleOf } from '../../app/dimensions.ts';
import { DimensionPicker } from '../../parts/filters/DimensionPicker.tsx';
import css from './Analytics.module.css';
import { MOST_GROUPS } from './search.ts';

interface Props {
  groups: readonly string[];
  onChange(groups: string[]): void;
}

export function Groups({ groups, onChange }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [held, setHeld] = useState<{ name: string; order: readonly string[] } | null>(null);
  const order = held?.order ?? groups;
  const wasDragged = useRef(false);
  const chosen = useRef<string | null>(null);
  // The token that was opened is another one now: the focus goes on with it.
  useEffect(() => {
    if (chosen.current === null || !groups.includes(chosen.current)) return;
    list.current?.querySelectorAll<HTMLElement>('[data-token]')[groups.indexOf(chosen.current)]?.focus();
    chosen.current = null;
  }, [groups]);

  function drag(event: PointerEvent): void {
    if (held === null) return;
    const tokens = [...(list.current?.children ?? [])].map((token) => token.getBoundingClientRect());
    const to = tokens.findIndex(({ left, right }) => event.clientX >= left && event.clientX <= right);
    if (to < 0 || held.order[to] === held.name) return;
    wasDragged.current = true;
    setHeld({ ...held, order: moved(held.order, held.name, to) });
  }

  function drop(): void {
    if (held !== null && held.order.join() !== groups.join()) onChange([...held.order]);
    setHeld(null);
  }

  function move(event: KeyboardEvent, name: string): void {
    const to = groups.indexOf(name) + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0);
    if (event.key === 'Delete' || event.key === 'Backspace') remove(name);
    if (to === groups.indexOf(name) || to < 0 || to >= groups.length) return;
    event.preventDefault();
    onChange(moved(groups, name, to));
  }

  function change(name: string, other: string): void {
    chosen.current = other;
    onChange(groups.map((one) => (one === name ? other : one)));
  }

  const remove = (name: string): void => {
    if (groups.length > 1) onChange(groups.filter((other) => other !== name));
  };

  return (
    <div className={css.groups}>
      <span className={css.caption} id="group-by">
        Group by
      </span>
      <ul ref={list} aria-labelledby="group-by" className={css.tokens}>
        {order.map((name) => (
          <li key={name} className={css.token} data-held={held?.name === name}>
            <DimensionPicker
              label={`Instead of ${titleOf(name)}`}
              offers={(other) => !groups.includes(other)}
              onPick={(other) => change(name, other)}
              button={(toggle, isOpened) => (
                <button
                  type="button"
                  className={css.tokenName}
                  data-token
                  aria-haspopup="listbox"
                  aria-expanded={isOpened}
                  title={groups.length > 1 ? 'Click to change; drag, or move with the arrow keys' : 'Click to change'}
                  onPointerDown={(event) => {
                    event.currentTarget.setPointerCapture(event.pointerId);
                    wasDragged.current = false;
                    setHeld({ name, order: groups });
                  }}
                  onPointerMove={drag}
                  onPointerUp={drop}
                  onPointerCancel={() => setHeld(null)}
                  onKeyDown={(event) => move(event, name)}
                  onClick={() => {
                    if (!wasDragged.current) toggle();
                    wasDragged.current = false;
                  }}
                >
                  {titleOf(name)}
                </button>
              )}
            />
            {groups.length > 1 && (
              <CloseButton size="xs" aria-label={`Do not group by ${titleOf(name)}`} onClick={() => remove(name)} />
            )}
          </li>
        ))}
      </ul>
      {groups.length < MOST_GROUPS && (
        <DimensionPicker
          label="Group"
          offers={(name) => !groups.includes(name)}
          onPick={(name) => onChange([...groups, name])}
        />
      )}
    </div>
  );
}

const moved = (groups: readonly string[], name: string, to: number): string[] => {
  const others = groups.filter((other) => other !== name);
  return others.toSpliced(to, 0, name);
};
