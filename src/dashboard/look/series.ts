// The eight colours of series, for light and dark: told apart by people who see few colours, in the order in which they are given out.

export const SERIES_LIGHT = [
  ...['#3167d3', '#49983a', '#ec1818', '#711c82', '#298fc2', '#aa0e42', '#0a7b68', '#1233d9'],
] as const;
export const SERIES_DARK = [
  ...['#5f90f2', '#92920c', '#ee2faf', '#3a9849', '#e5a585', '#85e5d5', '#e17096', '#2fee4f'],
] as const;

/** As a stylesheet names them. */
export const SERIES = SERIES_LIGHT.map((_, i) => `var(--series-${i + 1})`);

export const seriesTokens = (colours: readonly string[]): Record<string, string> =>
  Object.fromEntries(colours.map((colour, i) => [`--series-${i + 1}`, colour]));
