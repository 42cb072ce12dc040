// Where a redirect may lead: to the same host and scheme, as nobody else, and only where the method stays what it is.
import { TrackerError } from '../core/errors.ts';
import { HINTS } from './trouble.ts';

const MAX_REDIRECTS = 3;

/**
 * The address to ask next: the credentials travel along.
 * @param hops redirects followed so far
 * @throws TrackerError `url` for another host or scheme, with a user name, for a POST, and after too many
 */
export function followed(method: string, from: URL, location: string, hops: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  const isSame = to !== null && to.host === from.host && to.protocol === from.protocol;
  if (!isSame) throw refused('redirect to another host');
  if (hops >= MAX_REDIRECTS || method !== 'GET' || to.username !== '' || to.password !== '') throw refused('redirect');
  return to;
}

const refused = (why: string): TrackerError => new TrackerError('url', why, { hint: HINTS.url });
