// Whether a text names a time zone that times can be told in.

export function isTimeZone(zone: string): boolean {
  try {
    return /^[A-Za-z0-9_+\-/]+$/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}
