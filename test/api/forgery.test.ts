// Request forgery, tried as somebody with a sign-in would: addresses in every spelling, sent to the connection test.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttp, type Http } from '../../src/adapters/http.ts';
import { type Harness, startHarness } from './harness.ts';

let api: Harness;
let http: Http;
let server: Server;
let port: number;
let heard = 0;

beforeAll(async () => {
  http = createHttp({
    allowedNetworks: [],
    // Every name is the machine itself: what gets past the spelling is met by the guard.
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  api = await startHarness({ http });
  server = createServer((_request, response) => {
    heard++;
    response.end('[]');
  });
  server.on('connection', () => heard++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await http.close();
  await api.end();
});
beforeEach(() => {
  heard = 0;
});

const tried = async (url: string) => {
  const { status, json } = await api.ask('POST', '/api/v1/trackers/test', {
    body: { type: 'keitaro', url, credentials: { apiKey: 'a-key-of-24-characters-00' } },
  });
  expect(status).toBe(200);
  expect(json.ok).toBe(false);
  return json.error as { kind: string; message: string };
};

describe('the machine itself, however it is spelled, is not called', () => {
  test.each([
    ...['127.0.0.1', '127.1', '127.0.1', '127.000.000.001', '127.0.0.1.', '127.0.0.1..'],
    ...['2130706433', '2130706433.', '017700000001', '0x7f000001', '0X7F000001', '0x7F.1'],
    ...['0x7f.0x0.0x0.0x1', '0x7f.0.0.1', '0177.0.0.1', '00177.0.0.01', '0177.0x0.0.1', '127.0x1', '127.0.0.01'],
    ...['%31%32%37%2e%30%2e%30%2e%31', '127%2e0%2e0%2e1', '127.0.0.%31', '%6Cocalhost', 'loc%61lhost'],
    ...['１２７.０.０.１', '１２７。０。０。１', '127｡0｡0｡1', '①②⑦.⓪.⓪.①', '０ｘ7f.1', 'ｌocalhost', 'ⓛocalhost'],
    ...[
      'localhost',
      'LOCALHOST',
      'LocalHost.',
      'localhost.localdomain',
      'panel.test',
      'PANEL.TEST.',
      '127.0.0.1.nip.test',
    ],
    ...['0', '0.0.0.0', '0x0', '00', '0.0', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', '[::0.0.0.1]'],
    ...['[::ffff:127.0.0.1]', '[::FFFF:7F00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[::ffff:0:127.0.0.1]'],
    ...['[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:102:304::80ff:fffe]'],
  ])('%s', async (host) => {
    for (const scheme of ['http://', 'https://', 'HTTP://', 'hTTps://', '']) {
      const error = await tried(`${scheme}${host}:${port}`);
      expect([host, error.kind, error.message]).toEqual([
        host,
        'url',
        expect.stringMatching(/^Connection test failed: (address not allowed|not a valid address)/),
      ]);
    }
    expect(heard).toBe(0);
  });
});

describe('an address that is none is refused as it is written', () => {
  test.each([
    ...['ftp://127.0.0.1', 'file:///etc/passwd', 'file://127.0.0.1/etc/passwd', 'gopher://127.0.0.1:70/_x'],
    ...['dict://127.0.0.1:11211/stat', 'ldap://127.0.0.1', 'ws://127.0.0.1', 'unix:///var/run/x.sock', 'jar://x!/'],
    ...['data:text/html,x', 'javascript:alert(1)', 'blob:http://127.0.0.1/x', 'about:blank', 'view-source:http://a'],
    ...['http://', 'https://', '://', 'http://:80', 'http://.', 'https://%00', 'https://a%2fb', 'https://a b'],
    ...['http://127.0.0.1:0x50', 'http://127.0.0.1:65536', 'http://127.0.0.1:-1', 'http://127.0.0.1:80:80'],
    ...[
      'http://[::1',
      'http://::1',
      'http://[::1%25eth0]',
      'http://[fe80::1%eth0]',
      'http://[::1]x',
      'http://[127.0.0.1]',
    ],
    ...['http://256.0.0.1', 'http://1.2.3.4.5', 'http://0x100000000', 'http://4294967296', 'http://127.0.0.0x1ff'],
    ...['http://127.0.0.08', 'https://host^name', 'https://a<b', 'https://a|b'],
  ])('%s', async (url) => {
    const error = await tried(url);
    expect([url, error.kind, error.message]).toEqual([
      url,
      'url',
      expect.stringMatching(/^Connection test failed: (not a valid address|address not allowed)/),
    ]);
    expect(heard).toBe(0);
  });
});

describe('user info is refused and not said back', () => {
  test.each([
    ...[
      'http://user@127.0.0.1:PORT',
      'http://user:canary-pw@127.0.0.1:PORT',
      'https://panel.test:canary-pw@127.0.0.1:PORT',
    ],
    ...['https://:canary-pw@panel.test', 'https://user%3Acanary-pw@panel.test', 'https://a@b@panel.test'],
    ...['user:canary-pw@panel.test', 'https:canary-pw@panel.test', 'https:\\\\user:canary-pw@panel.test'],
  ])('%s', async (url) => {
    const error = await tried(url.replace('PORT', String(port)));
    expect(error.kind).toBe('url');
    expect(JSON.stringify(error)).not.toContain('canary-pw');
    expect(heard).toBe(0);
  });
});

describe('a port opens nothing', () => {
  test.each([0, 1, 22, 25, 80, 443, 2375, 3306, 5432, 6379, 6443, 7233, 9200, 10_250, 11_211, 65_535])(
    '%i',
    async (at) => {
      for (const url of [`http://127.0.0.1:${at}`, `https://10.0.0.1:${at}`, `https://panel.test:${at}`]) {
        const error = await tried(url);
        expect([url, error.kind]).toEqual([url, 'url']);
      }
      expect(heard).toBe(0);
    },
  );
});

test('a stored connection is judged as a new one is', async () => {
  const made = await api.ask('POST', '/api/v1/trackers', {
    body: {
      ...{ type: 'keitaro', name: 'Inside', url: `http://localhost:${port}` },
      credentials: { apiKey: 'a-key-of-24-characters-00' },
    },
  });
  expect(made.status).toBe(201);
  const { json } = await api.ask('POST', `/api/v1/trackers/${made.json.id}/test`);
  expect(json).toMatchObject({ ok: false, error: { kind: 'url' } });
  expect(heard).toBe(0);
});
