// One connection test at an address, and what every failed one must be like.
import { expect } from 'vitest';
import type { Connection } from '../../src/adapters/adapter.ts';
import type { HttpOptions, RecordedCall } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { type TestResult, testConnection } from '../../src/adapters/test-connection.ts';
import { HINTS } from '../../src/adapters/trouble.ts';
import { ERROR_KINDS } from '../../src/core/errors.ts';
import { testHttp } from './wire.ts';

const KEY = 'canary-key-0123456789';

/** One test of a connection; a deadline is given where the tracker would never end it. */
export async function tried(
  url: string,
  {
    apiKey = KEY,
    deadlineMs = undefined as number | undefined,
    options = {} as Partial<HttpOptions>,
    now = new Date(),
  } = {},
): Promise<{ result: TestResult; calls: RecordedCall[] }> {
  const http = testHttp(options);
  const calls: RecordedCall[] = [];
  const connection: Connection = { url, credentials: { apiKey }, settings: { currency: 'USD', timezone: 'UTC' } };
  const deadline = deadlineMs === undefined ? {} : { deadlineMs };
  try {
    const result = await testConnection(keitaro, connection, {
      http,
      onCall: (call) => calls.push(call),
      now,
      ...deadline,
    });
    expect(JSON.stringify([result, calls])).not.toContain(KEY);
    return { result, calls };
  } finally {
    await http.close();
  }
}

/** As every failure must be: the promised words, a hint, one recorded call. `status` is that of a whole answer. */
export function expectFailure(
  { result, calls }: Awaited<ReturnType<typeof tried>>,
  kind: string,
  message: string,
  status?: number,
): void {
  if (result.ok) throw new Error('the test passed');
  expect(result.error.kind).toBe(kind);
  expect(ERROR_KINDS).toContain(kind);
  const promised = `Connection test failed: ${message}`;
  expect(result.error.message.slice(0, promised.length)).toBe(promised);
  expect(result.error.status).toBe(status);
  const isClosed = result.error.message.includes('address not allowed');
  expect(result.error.hint).toEqual(
    isClosed ? expect.stringContaining('TRACKER_ALLOWED_NETWORKS') : HINTS[result.error.kind],
  );
  expect(result.latencyMs).toBeGreaterThanOrEqual(0);
  expect(calls).toHaveLength(1);
  expect(calls[0]!.method).toBe('GET');
}
