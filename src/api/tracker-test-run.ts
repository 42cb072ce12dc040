// One connection test: the adapter's, with every call written down, and a bad address told like any other failure.
import { z } from '@hono/zod-openapi';
import type { Adapter, Connection } from '../adapters/adapter.ts';
import type { RecordedCall } from '../adapters/http.ts';
import { budgetKeys, ratesOf } from '../adapters/limits.ts';
import { settingsOf } from '../adapters/settings.ts';
import type { TrackerRequest } from '../adapters/sources.ts';
import { type TestResult, testConnection } from '../adapters/test-connection.ts';
import { normalizeUrl } from '../adapters/url.ts';
import { countCall } from '../core/call-budget.ts';
import { ERROR_KINDS, TrackerError } from '../core/errors.ts';
import { RESOURCES } from '../core/resources.ts';
import { amendBudget } from '../store/call-budgets.ts';
import { recordRequests } from '../store/requests.ts';
import { withOrganization } from '../store/tenancy.ts';
import { isKept } from '../store/windows.ts';
import type { ApiDeps } from './deps.ts';

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
  const counted: Promise<void>[] = [];
  try {
    return await testConnection(adapter, connection, {
      http: deps.http,
      now: deps.now(),
      onCall: (call) => calls.push(call),
      permit: async (request) => () => void counted.push(countIn(deps, adapter, connection, request)),
    });
  } finally {
    await Promise.all(counted);
    await writeDown(deps, subject, calls);
  }
}

/** A test does not wait for its turn, since a person waits for it; those who take turns must know of its calls. */
async function countIn(
  deps: ApiDeps,
  adapter: Adapter,
  connection: Connection,
  request: TrackerRequest,
): Promise<void> {
  const rates = ratesOf(adapter, connection, request);
  if (rates.length === 0) return;
  try {
    await amendBudget(deps.db, budgetKeys(adapter, connection).budget, null, (state) =>
      countCall(state, rates, Date.now()),
    );
  } catch (error) {
    deps.logger.warn({ error: error instanceof Error ? error.message : 'unknown' }, 'a call of a test was not counted');
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
