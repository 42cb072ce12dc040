// What refusals say in words: the account's key is meant where it is named, not wherever something is called a key.
import { expect, test } from 'vitest';
import { meaningOf } from '../../src/adapters/meaning.ts';

test.each([
  ...['key', 'token', 'api_key', 'auth', 'Invalid key', 'Wrong token.', 'Invalid access key', 'Wrong API key'],
  ...[
    'Unknown api-key',
    'Missing access token',
    'The secret key is wrong',
    'API key not found',
    'Bearer token expired',
  ],
  ...['Invalid credentials', 'Credentials are missing', 'Unauthorized', 'Authorization header is missing'],
  ...['Invalid API token', 'No API key was given', 'Bad secret', 'token expired', 'The key is invalid'],
])('"%s" means the key', (said) => {
  expect(meaningOf(said)).toBe('auth');
});

test.each([
  ...['Unknown column key reports-foo', 'Missing token_1 in columns', 'unknown key: landerId', 'No such field'],
  ...[
    'Invalid sort key',
    'missing key "from"',
    'Wrong page token',
    'The grouping key is unknown',
    'page token expired',
  ],
  ...['key columns is invalid', 'No rows for this campaign key', 'Invalid token in the filter', 'Missing columns'],
])('"%s" means what was asked', (said) => {
  expect(meaningOf(said)).toBe('refused');
});
