// A tracker's address as people paste it, brought to the one form that is stored.
import { TrackerError } from '../core/errors.ts';
import type { Adapter } from './adapter.ts';
import { HINTS } from './trouble.ts';

const refuse = (why: string): TrackerError => new TrackerError('url', why, { hint: HINTS.url });

/**
 * `panel.example.com/` → `https://panel.example.com`: scheme added, trailing slash and the API's own path stripped.
 * @throws TrackerError `url` where it is not an http(s) address of a host, or carries a user name
 */
export function normalizeUrl(adapter: Pick<Adapter, 'url'>, address: string): string {
  const text = address.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (text === '' || !URL.canParse(withScheme)) throw refuse('not a valid address');
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('not a valid address');
  if (url.username !== '' || url.password !== '') throw refuse('not a valid address: leave out user name and password');
  let path = url.pathname.replace(/\/+$/, '');
  if (adapter.url.apiPath !== '' && path.endsWith(adapter.url.apiPath))
    path = path.slice(0, -adapter.url.apiPath.length);
  return `${url.protocol}//${url.host}${path.replace(/\/+$/, '')}`;
}
