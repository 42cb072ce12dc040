// Binary search in sorted sequences.

/** The first position in [low, high) whose value satisfies `isAtOrAfter`, or `high`. The answers must go from false to true. */
export function firstPosition(low: number, high: number, isAtOrAfter: (position: number) => boolean): number {
  let left = low;
  let right = high;
  while (left < right) {
    const middle = left + Math.floor((right - left) / 2);
    if (isAtOrAfter(middle)) right = middle;
    else left = middle + 1;
  }
  return left;
}
