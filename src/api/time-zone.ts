// Whether a text names a time zone that we and the database understand alike.

/** Short names mean one thing here and another there (`IST`, `CST`), and `+05` is the other side of the world in POSIX. */
const FULL_NAME = /^(UTC|GMT|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/;

export function isTimeZone(zone: string): boolean {
  try {
    return FULL_NAME.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}
