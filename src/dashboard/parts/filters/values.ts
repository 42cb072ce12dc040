// The values of a dimension that a report shows, busiest first.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { filterValueOf } from '../../app/dimensions.ts';
import { useLabels } from '../../app/labels.ts';
import type { Range } from '../../app/range.ts';
import { askOf, type ReportSearch, withFilter } from '../../app/report-search.ts';
import { reportQuery } from '../../app/reports.ts';
import { useWhose } from '../../app/whose.ts';

export interface Value {
  value: string;
  label: string;
  /** The tracker's name, where several have one by that label. */
  whose: string | null;
  clicks: number | null;
  conversions: number;
}

const MOST = 1_000;

/** What the other filters leave; values of several currencies are one. */
export function useValues(dimension: string, search: ReportSearch, range: Range, isEnabled = true) {
  const labels = useLabels();
  const isOfConversions = dimension === 'status' || dimension === 'rawStatus';
  const { data, error } = useQuery({
    ...reportQuery({
      ...askOf({ ...search, filter: withFilter(search.filter, dimension, []) }, range),
      ...{ groupBy: dimension, top: String(MOST), sort: isOfConversions ? '-conversions' : '-clicks' },
    }),
    enabled: isEnabled,
  });
  const keys = useMemo(
    () => (data?.rows ?? []).map(({ keys }) => keys[dimension as keyof typeof keys]),
    [data, dimension],
  );
  const whose = useWhose(keys);
  const values = new Map<string, Value>();
  for (const { keys, isRest, clicks, conversions } of data?.rows ?? []) {
    const key = keys[dimension as keyof typeof keys];
    const value = isRest ? null : filterValueOf(dimension, key);
    if (value === null) continue;
    const before = values.get(value);
    const sum = before?.clicks == null || clicks === null ? (before?.clicks ?? clicks) : before.clicks + clicks;
    values.set(value, {
      ...{ value, label: labels(dimension, key), whose: whose(key), clicks: sum },
      conversions: conversions + (before?.conversions ?? 0),
    });
  }
  return { values: data === undefined ? null : [...values.values()], error };
}
