// One connection test: the adapter's, with every call written down, and a bad address told like any other failure.
import { z } from '@hono/zod-openapi';
import type { Adapter, Connection } from '../adapters/adapter.ts';
import type { RecordedCall } from '../adapters/http.ts';
import { settingsOf } from '../adapters/settings.ts';
import { type TestResult, testConnection } from '../adapters/test-connection.ts';
import { normalizeUrl } from '../adapters/url.ts';
import { ERROR_KINDS, TrackerError } from '../core/errors.ts';
import { RESOURCES } from '../core/resources.ts';
import { recordRequests } from '../store/requests.ts';
import { withOrganization } from '../store/tenancy.ts';
import { isKept } from '../store/windows.ts';
import type { ApiDeps } from './deps.ts';
import { openTestTurns } from './tracker-test-turns.ts';

export const testResultSchema = z
  .union([
    z.object({
      ok: z.literal(true),
      latencyMs: z.int(),
      message: z.string(),
      checks: z.array(
        z.object({ resource: z.enum(RESOURCES), ok: z.boolean(), count: z.int().nullable(), message: z.string() }),
      ),
    }),
    z.object({
      ok: z.literal(false),
      latencyMs: z.int(),
      error: z.object({
        kind: z.enum(ERROR_KINDS),
        status: z.int().optional(),
        message: z.string(),
        hint: z.string(),
      }),
    }),
  ])
  .openapi('TestResult');

export interface TestSubject {
  organizationId: string;
  /** Null where it is not connected yet. */
  configId: string | null;
  adapter: Adapter;
  url: string;
  credentials: Readonly<Record<string, string>>;
  settings: unknown;
}

export async function runTest(deps: ApiDeps, subject: TestSubject): Promise<TestResult> {
  const { adapter, credentials } = subject;
  let url: string;
  try {
    url = normalizeUrl(adapter, subject.url);
  } catch (error) {
    if (error instanceof TrackerError) return failed(error);
    throw error;
  }
  const connection: Connection = { url, credentials, settings: settingsOf(adapter, subject.settings) };
  const calls: RecordedCall[] = [];
  const turns = openTestTurns(deps, adapter, connection);
  try {
    return await testConnection(adapter, connection, {
      http: deps.http,
      now: deps.now(),
      onCall: (call) => calls.push(call),
      permit: turns.take,
    });
  } finally {
    await turns.close();
    await writeDown(deps, subject, calls);
  }
}

/** A journal that cannot be written must not hide what the test found. */
async function writeDown(
  deps: ApiDeps,
  { organizationId, configId }: TestSubject,
  calls: RecordedCall[],
): Promise<void> {
  try {
    const owner = { organizationId, configId, runId: null };
    const entries = calls.map((call) => ({ ...call, resource: null }));
    await withOrganization(deps.db, organizationId, async (tx) => {
      // Deleted while it was tried: nothing of it is to stay.
      if (configId === null || (await isKept(tx, configId))) await recordRequests(tx, owner, entries);
    });
  } catch (error) {
    deps.logger.warn(
      { error: error instanceof Error ? error.message : 'unknown' },
      'calls of a test were not written down',
    );
  }
}

function failed({ kind, message, details }: TrackerError): TestResult {
  return {
    ok: false,
    latencyMs: 0,
    error: { kind, message: `Connection test failed: ${message}`, hint: details.hint ?? '' },
  };
}
