// Request forgery, tried through the real HTTP client: names that mean special addresses, forged redirects, odd URLs.
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttp, type Http } from '../../src/adapters/http.ts';
import { BLOCKS, carriersOf, edgesOf } from './special-blocks.ts';
import { callOnce, json, PATIENT, serve, type TestServer } from './wire.ts';

const EVERYTHING = ['0.0.0.0/0', '::/0'];
const REFUSED = { kind: 'url', message: 'address not allowed' };
/** What a public address is told over plain http: the block is open, and no socket needs to be opened to see that. */
const PUBLIC = { kind: 'url', message: 'address not allowed (https only)' };

let panel: TestServer;
let heard: string[];
let answer: (path: string) => { status: number; headers?: Record<string, string> };
const clients: Http[] = [];

beforeAll(async () => {
  panel = await serve((request, response) => {
    heard.push(`${request.headers.host}${request.url} ${request.headers['api-key'] ?? ''}`.trim());
    const { status, headers } = answer(request.url ?? '/');
    json(response, [], status, { connection: 'close', ...headers });
  });
});
afterAll(() => panel.stop());
beforeEach(() => {
  heard = [];
  answer = () => ({ status: 200 });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((http) => http.close()));
});

const meaning = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: isIP(address) }));

function client(networks: readonly string[], resolve: (host: string) => Promise<LookupAddress[]>): Http {
  const http = createHttp({ allowedNetworks: networks, timeouts: PATIENT, resolve });
  clients.push(http);
  return http;
}

/** What a call to a name that means these addresses comes to. */
async function named(scheme: 'http' | 'https', addresses: string[], networks: readonly string[] = []) {
  const http = client(networks, async () => meaning(...addresses));
  return (await callOnce(http, `${scheme}://panel.test:${panel.port}/`)).error;
}

/** The same for the address itself, as it may stand in a URL. */
async function written(scheme: 'http' | 'https', address: string, networks: readonly string[] = []) {
  const http = client(networks, async (host) => Promise.reject(new Error(`${host} was looked up`)));
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return (await callOnce(http, `${scheme}://${host}:${panel.port}/`)).error;
}

describe('a special block is closed from its first address to its last, and open beside', () => {
  test.each(BLOCKS.map((block) => [block.cidr, block.name, block.neighbours] as const))(
    '%s, %s',
    async (cidr, _, neighbours) => {
      for (const address of edgesOf(cidr)) {
        for (const scheme of ['http', 'https'] as const) {
          expect([address, await named(scheme, [address])]).toMatchObject([address, REFUSED]);
          expect([address, await written(scheme, address)]).toMatchObject([address, REFUSED]);
        }
      }
      for (const address of neighbours) {
        expect([address, await named('http', [address])]).toMatchObject([address, PUBLIC]);
        expect([address, await written('http', address)]).toMatchObject([address, PUBLIC]);
      }
      expect(heard).toEqual([]);
    },
  );
});

describe('an IPv4 address carried in IPv6 is judged as itself', () => {
  test.each(carriersOf('10.1.2.3'))('%s: %s', async (_, address) => {
    expect(await named('https', [address])).toMatchObject(REFUSED);
    expect(await written('https', address)).toMatchObject(REFUSED);
  });

  // Where networks are open, what is carried must be open too; only the forms that are known by their prefix can be told.
  const told = carriersOf('10.1.2.3').filter(([form]) => !/local NAT64, (48|64)|Teredo server/.test(form));
  test.each(told)('%s: %s does not go where IPv6 alone was opened', async (_, address) => {
    expect(await named('https', [address], ['::/0'])).toMatchObject(REFUSED);
  });

  test.each(carriersOf('169.254.169.254'))('%s: %s is metadata with every network open', async (_, address) => {
    expect(await named('http', [address], EVERYTHING)).toMatchObject(REFUSED);
    expect(await written('http', address, EVERYTHING)).toMatchObject(REFUSED);
  });
});

describe('where clouds keep a machine’s credentials is closed with every network open', () => {
  test.each([
    ...['169.254.169.254', '169.254.169.253', '169.254.170.2', '169.254.170.23', '169.254.42.42', '169.254.0.23'],
    ...['168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'],
    ...['fd00:42::42', 'fe80::a9fe:a9fe', 'fe80::a9fe:a9fe%1', '2a00:1:2:3::a9fe:a9fe'],
  ])('%s', async (address) => {
    for (const scheme of ['http', 'https'] as const) {
      expect(await named(scheme, [address], EVERYTHING)).toMatchObject(REFUSED);
      expect(
        await named(scheme, [address], [`${address.split('%')[0]}/${isIP(address) === 6 ? 128 : 32}`]),
      ).toMatchObject(REFUSED);
    }
    expect(heard).toEqual([]);
  });
});

describe('TRACKER_ALLOWED_NETWORKS opens exactly what it names', () => {
  // A refusal says `address not allowed`; an open address that nothing answers at says something of the socket.
  test.each([
    ['127.0.0.1/32', '127.0.0.1', '127.0.0.2'],
    ['127.0.0.0/30', '127.0.0.3', '127.0.0.4'],
    ['127.64.0.0/10', '127.64.0.0', '127.63.255.255'],
    ['127.64.0.0/10', '127.127.255.255', '127.128.0.0'],
    ['::1/128', '::1', '::2'],
    ['127.0.0.0/8', '::ffff:127.0.0.1', '::ffff:128.0.0.1'],
  ])('%s opens %s and not %s', async (network, inside, outside) => {
    for (const scheme of ['http', 'https'] as const) {
      const error = await named(scheme, [inside], [network]);
      expect(error?.kind ?? 'answered').not.toBe('url');
    }
    const error = await named('http', [outside], [network]);
    expect(error?.message).toMatch(/^address not allowed/);
  });

  test('one open address beside a closed one opens neither', async () => {
    for (const pair of [
      ['127.0.0.1', '10.0.0.1'],
      ['10.0.0.1', '127.0.0.1'],
      ['127.0.0.1', '::1'],
      ['127.0.0.1', '64:ff9b::a00:1'],
      ['127.0.0.1', '93.184.215.14', '10.0.0.1'],
    ]) {
      expect([pair, await named('http', pair, ['127.0.0.0/8'])]).toMatchObject([
        pair,
        { kind: 'url', message: expect.stringMatching(/^address not allowed/) },
      ]);
    }
    expect(heard).toEqual([]);
  });
});

describe('a resolver', () => {
  test('that answers otherwise the second time is not asked a second time: the checked address is called', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254'], ['10.0.0.1']];
    const asked: string[] = [];
    const http = client(['127.0.0.0/8'], async (host) => {
      asked.push(host);
      return meaning(...(answers[asked.length - 1] ?? []));
    });
    expect((await callOnce(http, `http://panel.test:${panel.port}/`)).error).toBeNull();
    expect([asked.length, heard.length]).toEqual([1, 1]);
    for (const again of [2, 3, 4]) {
      expect((await callOnce(http, `http://panel.test:${panel.port}/`)).error).toMatchObject(REFUSED);
      expect([asked.length, heard.length]).toEqual([again, 1]);
    }
  });

  test.each<[string, unknown]>([
    ['nothing', []],
    ['no list', null],
    ['an empty address', meaning('')],
    ['a name', meaning('localhost')],
    ['an address with a port', meaning('127.0.0.1:80')],
    ['an octal address', meaning('0177.0.0.1')],
    ['an address in brackets', meaning('[::1]')],
    ['a network', meaning('127.0.0.0/8')],
    ['something else than text', [{ address: 2_130_706_433, family: 4 }]],
  ])('that gives %s leads nowhere', async (_, given) => {
    const http = client(EVERYTHING, async () => given as LookupAddress[]);
    const { error } = await callOnce(http, `http://panel.test:${panel.port}/`);
    expect(error).not.toBeNull();
    expect(heard).toEqual([]);
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'SERVFAIL', ''])(
    'that fails with "%s" leads nowhere',
    async (code) => {
      const http = client(EVERYTHING, async () =>
        Promise.reject(Object.assign(new Error('no'), code === '' ? {} : { code })),
      );
      expect((await callOnce(http, `http://panel.test:${panel.port}/`)).error).not.toBeNull();
      expect(heard).toEqual([]);
    },
  );
});

describe('a redirect', () => {
  const call = async (location: string, method: 'GET' | 'POST' = 'GET', status = 302) => {
    answer = (path) => (path === '/start' ? { status, headers: { location } } : { status: 200 });
    const http = client(['127.0.0.0/8'], async () => meaning('127.0.0.1'));
    return callOnce(http, `http://panel.test:${panel.port}/start`, { method, headers: { 'api-key': 'the-key' } });
  };
  const here = () => `panel.test:${panel.port}`;

  test.each([
    ['a private address', 'http://10.0.0.1/'],
    ['metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['the same address under its number', `http://127.0.0.1:PORT/`],
    ['another name', 'http://evil.test:PORT/'],
    ['a name that begins alike', 'http://panel.test.evil.test:PORT/'],
    ['another port', 'http://panel.test:1/'],
    ['another scheme', 'https://panel.test:PORT/'],
    ['a file', 'file:///etc/passwd'],
    ['gopher', 'gopher://panel.test:PORT/'],
    ['data', 'data:application/json,[]'],
    ['script', 'javascript:alert(1)'],
    ['user info before another host', 'http://panel.test:PORT@evil.test/'],
    ['user info at this host', 'http://me:pw@panel.test:PORT/next'],
    ['a user name alone at this host', 'http://me@panel.test:PORT/next'],
    ['another host without a scheme', '//evil.test:PORT/'],
    ['another host behind backslashes', '\\\\evil.test:PORT\\'],
    ['another host after a tab', '/\t/evil.test:PORT/'],
    ['no address', 'http://[::1'],
  ])('to %s is refused, and the key goes nowhere else', async (_, location) => {
    for (const status of [301, 302, 303, 307, 308]) {
      heard = [];
      const { error } = await call(location.replaceAll('PORT', String(panel.port)), 'GET', status);
      expect(error).toMatchObject({ kind: 'url', message: expect.stringMatching(/^redirect/) });
      expect(heard).toEqual([`${here()}/start the-key`]);
    }
  });

  test('of a POST is refused wherever it leads', async () => {
    expect((await call('/next', 'POST', 307)).error).toMatchObject({ kind: 'url', message: 'redirect' });
    expect(heard).toHaveLength(1);
  });

  test('to another page of the same panel is followed', async () => {
    expect((await call('/next')).error).toBeNull();
    expect(heard).toEqual([`${here()}/start the-key`, `${here()}/next the-key`]);
  });

  test('without end is left', async () => {
    answer = () => ({ status: 302, headers: { location: '/start' } });
    const http = client(['127.0.0.0/8'], async () => meaning('127.0.0.1'));
    const { error } = await callOnce(http, `http://panel.test:${panel.port}/start`);
    expect(error).toMatchObject({ kind: 'url', message: 'redirect' });
    expect(heard.length).toBeLessThanOrEqual(4);
  });

  test('is judged anew by what the name means then', async () => {
    answer = (path) => (path === '/start' ? { status: 302, headers: { location: '/next' } } : { status: 200 });
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const http = client(EVERYTHING, async () => meaning(...(answers.shift() ?? [])));
    const { error } = await callOnce(http, `http://panel.test:${panel.port}/start`);
    expect(error).toMatchObject(REFUSED);
    expect(heard).toHaveLength(1);
  });
});
