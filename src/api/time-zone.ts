// Whether a text names a time zone that we and the database understand alike.
import { sql } from 'kysely';
import type { Db } from '../store/db.ts';
import { badInput } from './problems.ts';

export type IsTimeZone = (zone: string) => boolean;

export const ZONE_EXPECTED = 'must be an IANA time zone, e.g. Europe/Berlin';

/** Short names mean one thing here and another there (`IST`, `CST`), and `+05` is the other side of the world in POSIX. */
const FULL_NAME = /^(UTC|GMT|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/;

function isOurs(zone: string): boolean {
  try {
    return FULL_NAME.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

/** The database's list is read from many files, and stays as it is while a server runs. */
const listed = new WeakMap<Db, Promise<ReadonlySet<string>>>();

/** Names of old (`US/Pacific-New`) are known to the one and not to the other. Case has no say on either side. */
export async function timeZones(db: Db): Promise<IsTimeZone> {
  const names = listed.get(db) ?? readNames(db);
  listed.set(db, names);
  names.catch(() => listed.delete(db));
  const theirs = await names;
  return (zone) => theirs.has(zone.toLowerCase()) && isOurs(zone);
}

async function readNames(db: Db): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`select lower(name) as name from pg_timezone_names`.execute(db);
  return new Set(rows.map(({ name }) => name));
}

/** @throws Problem */
export async function expectTimeZone(db: Db, zone: string): Promise<void> {
  if (!(await timeZones(db))(zone)) throw badInput('tz', ZONE_EXPECTED);
}
