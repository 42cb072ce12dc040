// The search itself: it finds a secret in each spelling, at any place of a stream, and nothing where there is none.
import { describe, expect, test } from 'vitest';
import { CANARY, searchForCanary } from './canary.ts';
import { needlesFor, Search } from './search.ts';

const SECRET = 'k3y/of+a~tracker!9Z';
const around = (text: string): string => `{"said":"${text}"}`;

const SPELLED: [string, string][] = [
  ['clear', SECRET],
  ['URL-encoded', `https://x/?a=${encodeURIComponent(SECRET)}&b=1`],
  ['URL-encoded in lower case', encodeURIComponent(SECRET).replaceAll('%2F', '%2f').replaceAll('%2B', '%2b')],
  ['as a form', new URLSearchParams({ a: SECRET, b: '1' }).toString()],
  ['in a URL within a URL', new URLSearchParams({ back: `https://x/?k=${encodeURIComponent(SECRET)}` }).toString()],
  ['hex', Buffer.from(`--${SECRET}--`).toString('hex')],
  ['hex in upper case', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['bytea as PostgreSQL writes it', `\\\\x${Buffer.from(SECRET).toString('hex')}`],
  ['JSON as PHP writes it', JSON.stringify(SECRET).replaceAll('/', '\\/')],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ key: SECRET }))],
  ...[0, 1, 2, 3].flatMap((before): [string, string][] => {
    const bytes = Buffer.from(`${'u'.repeat(before)}${SECRET}:pw`);
    return [
      [`base64 behind ${before} bytes`, bytes.toString('base64')],
      [`base64url behind ${before} bytes`, bytes.toString('base64url')],
    ];
  }),
];

test.each(SPELLED)('%s', async (_, text) => {
  const search = new Search(needlesFor({ key: SECRET }));
  await search.text('here', around(text));
  expect(search.hits.map(({ secret, where }) => `${secret} ${where}`)).toContain('key here');
});

describe('a stream in parts', () => {
  test('hides nothing at a border', async () => {
    const bytes = Buffer.from(`....${SECRET}....`);
    for (let size = 1; size < bytes.length; size++) {
      const search = new Search(needlesFor({ key: SECRET }));
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      await search.stream('parts', parts);
      expect([size, search.hits.length]).toEqual([size, 1]);
    }
  });

  test('without a secret has none, and streams are not taken for one', async () => {
    const search = new Search(needlesFor({ key: SECRET }));
    await search.text('one', SECRET.slice(0, 10));
    await search.text('two', SECRET.slice(10));
    await search.text('backwards', [...SECRET].reverse().join(''));
    expect(search.hits).toEqual([]);
  });
});

test('a secret that begins with the canary is found by it in every spelling', async () => {
  const key = `${CANARY}0123456789abcdef`;
  for (const text of [
    key,
    encodeURIComponent(key),
    ...['hex', 'base64', 'base64url'].map((as) => Buffer.from(key).toString(as as 'hex')),
  ]) {
    const search = searchForCanary();
    await search.text('here', text);
    expect(search.hits).toHaveLength(1);
  }
});
