// How much one caller may ask of one API process: a bucket each that fills steadily and holds a short burst.

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A bucket that has stood long enough is full, and as good as none. */
const MOST_BUCKETS = 10_000;
/** A burst of so many seconds' worth may come at once. */
const BURST_SECONDS = 10;

export interface RateLimit {
  /** @returns seconds to wait; null where it may be asked */
  take(subject: string): number | null;
  /** What was taken did not count. */
  giveBack(subject: string): void;
}

export function createRateLimit(perMinute: number, nowMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  const size = Math.max(1, Math.round((perMinute * BURST_SECONDS) / 60));
  const filled = ({ tokens, atMs }: Bucket, at: number): number =>
    Math.min(size, tokens + Math.max(0, at - atMs) * perMs);

  return {
    take(subject) {
      const atMs = nowMs();
      const tokens = filled(buckets.get(subject) ?? { tokens: size, atMs }, atMs);
      const isOpen = tokens >= 1;
      // The most recently used stand last, so that the first ones are the full ones.
      buckets.delete(subject);
      buckets.set(subject, { tokens: isOpen ? tokens - 1 : tokens, atMs });
      if (buckets.size > MOST_BUCKETS) buckets.delete(buckets.keys().next().value!);
      return isOpen ? null : Math.max(1, Math.ceil((1 - tokens) / perMs / 1_000));
    },
    giveBack(subject) {
      const bucket = buckets.get(subject);
      if (bucket !== undefined) bucket.tokens = Math.min(size, bucket.tokens + 1);
    },
  };
}
