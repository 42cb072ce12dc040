// The names of a filter's values: as the report has them, or looked up where it shows none of theirs.
import { useQueries } from '@tanstack/react-query';
import { NONE } from '../../app/dimensions.ts';
import { useLabels } from '../../app/labels.ts';
import { hasNames, nameQuery } from '../../app/names.ts';
import type { Value } from './values.ts';

/** @param shown null while it is not known */
export function useNames(dimension: string, chosen: readonly string[], shown: readonly Value[] | null): string[] {
  const labels = useLabels();
  const known = new Map(shown?.map(({ value, label }) => [value, label]));
  const found = useQueries({
    queries: chosen.map((value) => ({
      ...nameQuery(dimension, value),
      enabled: shown !== null && value !== NONE && hasNames(dimension) && !known.has(value),
    })),
  });
  return chosen.map((value, place) => {
    const own = value !== NONE && hasNames(dimension) ? shortOf(value) : labels(dimension, value);
    return known.get(value) ?? found[place]?.data ?? own;
  });
}

/** Of what is gone, no name is known. */
const shortOf = (value: string): string => (/^[0-9a-f-]{36}$/.test(value) ? `${value.slice(0, 8)}…` : value);
