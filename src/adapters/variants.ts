// Ways of asking: builds of a tracker differ, so the ways are tried in order, and the one that worked is remembered.
import { TrackerError } from '../core/errors.ts';
import type { Session } from './session.ts';
import type { LogVariant, TrackerRequest } from './sources.ts';

interface Way extends Pick<LogVariant, 'lacks'> {
  request(...asked: never[]): TrackerRequest;
}

/**
 * One refusal may be a stumble: the remembered way is asked once more, and only two in a row decide for another.
 * @throws TrackerError of the last way where all are refused; at once for any other trouble
 */
export async function askVariants<V extends Way, T extends object>(
  session: Session,
  variants: Readonly<Record<string, V>>,
  remembered: string | null,
  ask: (variant: V) => Promise<T>,
): Promise<T & { variant: string }> {
  const names = Object.keys(variants);
  const order =
    remembered !== null && names.includes(remembered)
      ? [remembered, remembered, ...names.filter((name) => name !== remembered && isOpenTo(variants, remembered, name))]
      : names;
  for (const [i, name] of order.entries()) {
    try {
      return { ...(await ask(variants[name]!)), variant: name };
    } catch (error) {
      if (!isRefusedAsItIs(error) || i === order.length - 1) throw error;
    }
  }
  throw new Error(`${session.adapter.title} declares no way of asking`);
}

/** Rows are neither overwritten with less than they had, nor stored again by other keys. */
const isOpenTo = <V extends Way>(variants: Readonly<Record<string, V>>, from: string, to: string): boolean =>
  variants[from]?.lacks !== 'keys' && variants[to]?.lacks === undefined;

/** The tracker knows this key, but not this way of asking: another one may do. Some say so with a 200. */
export const isRefusedAsItIs = (error: unknown): boolean =>
  error instanceof TrackerError &&
  ([400, 406, 422].includes(error.details.status ?? 0) || (error.kind === 'refused' && error.details.status === 200));
