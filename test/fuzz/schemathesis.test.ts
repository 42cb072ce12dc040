// Our own description against the API behind a socket: whatever it allows and forbids, the answers are as they are described.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../src/local/run-command.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { findSchemathesis } from './schemathesis-program.ts';

const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';
const EXAMPLES = 10;
/** The id that the description gives as an example: the calls that are made from examples find something there. */
const EXAMPLE_ID = '01989f5e-7c00-7000-8000-000000000001';
const RUN_MS = 400_000;

let api: Harness;
let server: ReturnType<typeof serve>;

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  const configId = await seedConfig(api.db, organizationId, { id: EXAMPLE_ID, url: 'https://127.0.0.1:1' });
  const owner = { configId, organizationId };
  await seedCampaign(api.db, owner, '1', { id: EXAMPLE_ID });
  await seedClicks(api.db, owner, [{ id: EXAMPLE_ID, clicked_at: '2026-11-01T00:00:00Z', cost: '0.1' }]);
  const sale = { id: EXAMPLE_ID, converted_at: '2026-11-01T00:00:00Z', raw_status: 'sale', revenue: '5' };
  await seedConversions(api.db, owner, [sale]);
  server = serve({ fetch: api.app.fetch, port: 0 });
});
afterAll(async () => {
  server.close();
  await api.end();
});

test('ten thousand calls made from the description', { timeout: RUN_MS + 60_000 }, async (context) => {
  const program = await findSchemathesis();
  if ('missing' in program) {
    // Where everything else is checked, a check that was not made must not look like one that was.
    if (program.hasPython && process.env.CI) expect.fail(`not made: ${program.missing}`);
    return context.skip(program.missing);
  }
  const { port } = server.address() as AddressInfo;
  const { code, output } = await runCommand(
    program.path,
    [
      ...['run', `http://127.0.0.1:${port}/openapi.json`, '--checks', CHECKS, '--phases', 'examples,coverage,fuzzing'],
      ...['--header', `Authorization: Bearer ${api.ours.keys.super_admin}`],
      // Events never end.
      ...['--exclude-path', '/api/v1/events'],
      ...[
        '--max-examples',
        String(EXAMPLES),
        '--seed',
        '2026',
        '--continue-on-failure',
        '--no-color',
        '--warnings',
        'off',
      ],
      ...['--request-timeout', '20', '--generation-database', 'none', '--no-shrink'],
    ],
    { timeoutMs: RUN_MS, env: { ...process.env, PYTHONUTF8: '1' } },
  );
  expect(code, `${output}\n${api.logged.slice(-10).join('\n')}`).toBe(0);
  // A run that reached nothing would be green as well.
  const generated = Number(/(\d+) generated/.exec(output)?.[1] ?? 0);
  expect(generated, output).toBeGreaterThan(2_000);
});
