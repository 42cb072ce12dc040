// Secrets that a panel keeps in its catalog, planted wherever they occur: no record carries one, and what is no secret stays.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import type { Http } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { withoutSecrets } from '../../src/adapters/redact.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import type { Json } from '../../src/core/resources.ts';
import { needlesFor, Search, toldHits } from '../leaks/search.ts';
import { readCatalog } from './reads.ts';
import { testHttp } from './wire.ts';

const PLANTED = 'pl4nted/Qx+9~zWk2vT8';
let simulator: Simulator;
let panel: LedgerControl;
let http: Http;
let session: Session;
beforeAll(async () => {
  http = testHttp();
  simulator = await startSimulator({
    ledgers: [{ days: 1, clicks: 10, conversions: 1, keitaro: { planted: PLANTED } }],
  });
  const { url, apiKey, name } = simulator.ledgers[0]!;
  panel = ledgerControl(simulator.address, name);
  const settings = { currency: 'USD', timezone: 'UTC' };
  session = openSession(keitaro, { url, credentials: { apiKey }, settings }, { http, onCall: () => {} });
});
afterAll(async () => {
  await simulator.stop();
  await http.close();
});

const hitsIn = async (value: unknown): Promise<string> => {
  const search = new Search(needlesFor({ planted: PLANTED }));
  await search.text('the records', JSON.stringify(value));
  return toldHits(search.hits);
};

describe('a catalog full of secrets', () => {
  test.each(['object', 'text', 'textInText'] as const)('with parameters as %s', async (parameters) => {
    await panel.change({ keitaro: { parameters } });
    const answers: Json[] = [];
    const listening = {
      ...session,
      call: async (request: Parameters<Session['call']>[0]) => {
        const answer = await session.call(request);
        answers.push(answer);
        return answer;
      },
    };
    const catalog = await readCatalog(listening);
    expect(await hitsIn(answers)).toContain('clear');
    for (const [resource, { records, unreadable }] of catalog) {
      expect(records.length, resource).toBeGreaterThan(3);
      expect([resource, await hitsIn([records, unreadable])]).toEqual([resource, '']);
      const text = JSON.stringify(records);
      if (resource !== 'campaigns' && resource !== 'flows') continue;
      expect(text, 'what is no secret').toContain(resource === 'campaigns' ? 'payout={revenue}' : 'flow=7');
    }
  });
});

describe('text that holds a record is a record', () => {
  test.each<[string, Json, Json]>([
    ['JSON text', '{"token":"t0ken","name":"kept"}', '{"name":"kept"}'],
    ['JSON text in JSON text', JSON.stringify('{"api_key":"k","a":1}'), JSON.stringify('{"a":1}')],
    ['a list as text', '[{"password":"p"},{"id":2}]', '[{},{"id":2}]'],
    ['long numbers where nothing is hidden', '{"id":12345678901234567890}', '{"id":12345678901234567890}'],
    ['broken JSON', '{"token":"t0', '{"token":"t0'],
    [
      'a link with a key',
      'https://o.example/?a=1&api_key=abc&b={c}',
      'https://o.example/?a=1&api_key=[redacted]&b={c}',
    ],
    ['a link with a macro for a key', 'https://o.example/?token={sub_id_2}', 'https://o.example/?token={sub_id_2}'],
    ['a link with a password', 'https://me:pw@o.example/x', 'https://o.example/x'],
    [
      'a link without',
      'https://o.example/x?sub1={subid}&keyword=shoes',
      'https://o.example/x?sub1={subid}&keyword=shoes',
    ],
    ['words', 'a = b, c@d', 'a = b, c@d'],
    ['a list', [{ token: 't' }, 'x', 5, null], [{}, 'x', 5, null]],
  ])('%s', (_, given, clean) => {
    expect(withoutSecrets(given)).toEqual(clean);
  });
});
