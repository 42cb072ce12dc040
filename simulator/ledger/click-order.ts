// The order of clicks by time, with clicks added and removed later merged in, and random access into it.
import { firstAdded } from './conversions.ts';
import { firstPosition } from './search.ts';
import type { Timeline } from './timeline.ts';

interface AddedClick {
  index: number;
  second: number;
}

/** Planned clicks come first within a second, then added ones in the order they were added: the order of their sub ids. */
export class ClickOrder {
  readonly #timeline: Timeline;
  /** Sorted by second, then number. */
  #added: AddedClick[] = [];
  readonly #addedSeconds: number[] = [];
  /** Sorted numbers of planned clicks that were removed. */
  #removed: number[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** Second of any click, planned or added. */
  secondOf(index: number): number {
    return index >= firstAdded ? this.#addedSeconds[index - firstAdded]! : this.#timeline.secondOf(index);
  }

  /** How many clicks have `from` ≤ second < `to`. */
  count(from: number, to: number): number {
    return from >= to ? 0 : this.#rankAt(to) - this.#rankAt(from);
  }

  /** Numbers of the clicks with `from` ≤ second < `to`, at positions [offset, offset + limit) of their order. */
  slice(from: number, to: number, offset: number, limit: number): number[] {
    if (from >= to) return [];
    const firstPlanned = this.#timeline.countBefore(from);
    const endPlanned = this.#timeline.countBefore(to);
    const endAdded = this.#addedBefore(to);
    const base = this.#rankAt(from);
    const rankOfAdded = (position: number) =>
      this.#aliveBefore(this.#timeline.countBefore(this.#added[position]!.second + 1)) + position - base;
    const firstAddedHere = this.#addedBefore(from);
    let added = firstPosition(firstAddedHere, endAdded, (position) => rankOfAdded(position) >= offset);
    const skipped = this.#aliveBefore(firstPlanned) + offset - (added - firstAddedHere);
    let planned = firstPosition(firstPlanned, endPlanned, (index) => this.#aliveBefore(index) >= skipped);
    let removed = firstPosition(0, this.#removed.length, (position) => this.#removed[position]! >= planned);
    let nextAdded = added < endAdded ? rankOfAdded(added) : Number.POSITIVE_INFINITY;

    const indexes: number[] = [];
    for (let rank = offset; indexes.length < limit; rank++) {
      if (rank === nextAdded) {
        indexes.push(this.#added[added]!.index);
        added++;
        nextAdded = added < endAdded ? rankOfAdded(added) : Number.POSITIVE_INFINITY;
        continue;
      }
      while (this.#removed[removed] === planned) {
        planned++;
        removed++;
      }
      if (planned >= endPlanned) break;
      indexes.push(planned++);
    }
    return indexes;
  }

  /** Adds `count` clicks at `second` and returns their numbers. */
  add(second: number, count: number): number[] {
    const indexes = Array.from({ length: count }, (_, step) => firstAdded + this.#addedSeconds.length + step);
    for (const index of indexes) {
      this.#added.push({ index, second });
      this.#addedSeconds.push(second);
    }
    this.#added.sort((a, b) => a.second - b.second || a.index - b.index);
    return indexes;
  }

  /** Removes clicks; returns how many of them were there. */
  remove(indexes: number[]): number {
    const gone = new Set(indexes);
    const already = new Set(this.#removed);
    const addedBefore = this.#added.length;
    this.#added = this.#added.filter((click) => !gone.has(click.index));
    const fresh = [...gone].filter(
      (index) => index < firstAdded && index < this.#timeline.plannedCount && !already.has(index),
    );
    this.#removed = this.#removed.concat(fresh).sort((a, b) => a - b);
    return fresh.length + addedBefore - this.#added.length;
  }

  /** Whether the click is there: planned or added, and not removed. */
  has(index: number): boolean {
    if (index >= firstAdded) return this.#added.some((click) => click.index === index);
    const position = firstPosition(0, this.#removed.length, (removed) => this.#removed[removed]! >= index);
    return index < this.#timeline.plannedCount && this.#removed[position] !== index;
  }

  #rankAt(second: number): number {
    return this.#aliveBefore(this.#timeline.countBefore(second)) + this.#addedBefore(second);
  }

  #aliveBefore(planned: number): number {
    if (this.#removed.length === 0) return planned;
    return planned - firstPosition(0, this.#removed.length, (position) => this.#removed[position]! >= planned);
  }

  #addedBefore(second: number): number {
    return firstPosition(0, this.#added.length, (position) => this.#added[position]!.second >= second);
  }
}
