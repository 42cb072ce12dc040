// How the values of dimensions are called.
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { isAd, type ReportKey } from './dimensions.ts';
import { daySpan } from './format.ts';
import { shiftDay } from './range.ts';
import { typesQuery } from './trackers.ts';

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const dayName = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const monthName = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** Why a value is not there, where that is not plain. */
export function whyNone(dimension: string): string | undefined {
  if (dimension === 'config') return 'Spend of ads that no click came from';
  if (!isAd(dimension)) return undefined;
  return 'No sub-id of these clicks names it: confirm which one carries it under the mappings of their tracker';
}

export type Labels = (dimension: string, key: ReportKey | undefined) => string;

/** How values are called; *None* where a click or conversion has none. */
export function useLabels(): Labels {
  const { data: types } = useQuery(typesQuery);
  return useCallback(
    (dimension, key) => {
      if (key === null || key === undefined || key === '') return dimension === 'config' ? 'No tracker' : 'None';
      if (typeof key !== 'string') return key.name ?? key.externalId;
      if (dimension === 'trackerType') return types?.find(({ type }) => type === key)?.title ?? key;
      return wordsOf(dimension, key);
    },
    [types],
  );
}

function wordsOf(dimension: string, key: string): string {
  switch (dimension) {
    case 'country':
      return /^[A-Z]{2}$/.test(key) ? (countries.of(key) ?? key) : key;
    case 'day':
      return dayName.format(utc(key));
    case 'week':
      return daySpan(key, shiftDay(key, 6));
    case 'month':
      return monthName.format(utc(`${key}-01`));
    case 'hour':
      return `${dayName.format(utc(key.slice(0, 10)))} ${key.slice(11, 16)}`;
    case 'status':
    case 'deviceType':
      return key === 'hold' ? 'On hold' : `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
    default:
      return key;
  }
}
