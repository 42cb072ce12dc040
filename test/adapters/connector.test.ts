// The address is checked when a socket opens, by what the name means at that moment, through URLs as people write them.
import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { normalizeUrl } from '../../src/adapters/url.ts';
import { callOnce, json, serve, type TestServer, testHttp } from './wire.ts';

let panel: TestServer;
let heard = 0;
beforeAll(async () => {
  panel = await serve((_request, response) => {
    heard++;
    json(response, [], 200, { connection: 'close' });
  });
});
afterAll(() => panel.stop());
beforeEach(() => {
  heard = 0;
});

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

/** Calls a URL with a resolver of the test's own; each call of it takes the next answer, the last one stays. */
async function call(url: string, { networks = [] as string[], answers = [] as LookupAddress[][] } = {}) {
  const asked: string[] = [];
  const http = testHttp({
    allowedNetworks: networks,
    resolve: async (host) => {
      asked.push(host);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === undefined) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
      return answer;
    },
  });
  const outcome = await callOnce(http, url);
  await http.close();
  return { ...outcome, asked };
}

describe('odd spellings of an address are the address', () => {
  const LOOPBACK_SPELLINGS = [
    ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '0177.0.0.1', '0177.1'],
    ...['127.0.0.1.', '%31%32%37.0.0.1', '127。0。0。1', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]'],
    ...['[::ffff:7f00:1]', '[::127.0.0.1]', '0', '0.0.0.0', '[::]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
  ];
  test.each(LOOPBACK_SPELLINGS)('%s is refused, and the panel hears nothing', async (host) => {
    for (const scheme of ['http', 'https']) {
      const { error, asked } = await call(`${scheme}://${host}:${panel.port}/`);
      expect([host, error?.kind, error?.message]).toEqual([host, 'url', 'address not allowed']);
      expect(asked).toEqual([]);
    }
    expect(heard).toBe(0);
  });

  test.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '[::ffff:a9fe:a9fe]',
    '[fd00:ec2::254]',
  ])('%s, where a cloud keeps credentials, stays closed with every network open', async (host) => {
    const { error } = await call(`http://${host}/latest/meta-data/`, { networks: ['0.0.0.0/0', '::/0'] });
    expect(error).toMatchObject({ kind: 'url', message: 'address not allowed' });
  });
});

describe('a name', () => {
  const url = (): string => `http://panel.test:${panel.port}/`;
  const networks = ['127.0.0.0/8'];

  test('that means an allowed address is called there', async () => {
    const { body, asked } = await call(url(), { networks, answers: [[v4('127.0.0.1')]] });
    expect([body, asked, heard]).toEqual([[], ['panel.test'], 1]);
  });

  test.each<[string, LookupAddress[]]>([
    ['a private one', [v4('10.0.0.1')]],
    ['a public and a private one', [v4('93.184.215.14'), v4('10.0.0.1')]],
    ['an allowed and a private one', [v4('127.0.0.1'), v4('192.168.1.1')]],
    ['an allowed one and metadata', [v4('127.0.0.1'), v4('169.254.169.254')]],
    ['an allowed one and a mapped private one', [v4('127.0.0.1'), v6('::ffff:10.0.0.1')]],
    ['none', []],
    ['what is no address', [v4('panel.test')]],
  ])('that means %s is refused', async (_, answer) => {
    const { error } = await call(url(), { networks, answers: [answer] });
    expect(error?.kind).toBe('url');
    expect(error?.message).toMatch(/^address not allowed/);
    expect(heard).toBe(0);
  });

  test('over plain http outside of the allowed networks is refused, saying so', async () => {
    const { error } = await call(url(), { networks, answers: [[v4('93.184.215.14')]] });
    expect(error).toMatchObject({ kind: 'url', message: 'address not allowed (https only)' });
  });

  test('that changes its meaning is judged anew for each socket, and asked once for each', async () => {
    const http = testHttp({
      allowedNetworks: networks,
      resolve: (() => {
        const answers = [[v4('127.0.0.1')], [v4('169.254.169.254')], [v4('10.0.0.1')]];
        return async () => answers.shift() ?? [];
      })(),
    });
    expect((await callOnce(http, url())).error).toBeNull();
    for (let again = 0; again < 3; again++) {
      expect((await callOnce(http, url())).error).toMatchObject({ kind: 'url', message: 'address not allowed' });
    }
    expect(heard).toBe(1);
    await http.close();
  });

  test('that was checked is not looked up again for the socket', async () => {
    // The system knows no panel.test: only the checked address can have been used.
    const { asked } = await call(url(), { networks, answers: [[v4('127.0.0.1')], [v4('10.0.0.1')]] });
    expect([asked.length, heard]).toEqual([1, 1]);
  });

  test('that does not resolve is not called', async () => {
    const { error } = await call(url(), { networks });
    expect(error).toMatchObject({ kind: 'dns', message: 'ENOTFOUND' });
  });

  test('that resolves too slowly is a time-out', async () => {
    for (const timeouts of [{ wholeMs: 50, connectMs: 200 }, { connectMs: 50 }]) {
      const http = testHttp({ timeouts, resolve: () => new Promise(() => {}) });
      expect((await callOnce(http, url())).error).toMatchObject({ kind: 'timeout' });
      await http.close();
    }
  });

  test.each(['EAI_AGAIN', 'ENODATA'])('whose resolver fails with %s is told as such', async (code) => {
    const http = testHttp({ resolve: async () => Promise.reject(Object.assign(new Error(code), { code })) });
    expect((await callOnce(http, url())).error).toMatchObject({ kind: 'dns', message: `ENOTFOUND (${code})` });
    await http.close();
  });
});

describe('an address as people paste it', () => {
  const keitaroUrl = { url: { isRequired: true, default: null, apiPath: '/admin_api/v1' } };
  test.each([
    ['panel.example', 'https://panel.example'],
    [' https://Panel.Example/ ', 'https://panel.example'],
    ['panel.example:8443', 'https://panel.example:8443'],
    ['http://panel.example/sub/admin_api/v1/', 'http://panel.example/sub'],
    ['https://panel.example/admin_api/v1', 'https://panel.example'],
    ['https://panel.example/?page=1#x', 'https://panel.example'],
    ['https://трекер.example', 'https://xn--e1aaowdh.example'],
    ['2130706433', 'https://127.0.0.1'],
  ])('%s is %s', (pasted, stored) => {
    expect(normalizeUrl(keitaroUrl, pasted)).toBe(stored);
  });

  test.each([
    '',
    '   ',
    'https://',
    'ftp://panel.example',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://a b',
    'http://[::1',
  ])('"%s" is not a valid address', (pasted) => {
    expect(() => normalizeUrl(keitaroUrl, pasted)).toThrow(/^not a valid address/);
  });

  test.each(['https://me@panel.example', 'https://me:pw@panel.example', 'mailto:me@panel.example'])(
    '%s with a user name is refused without saying it back',
    (pasted) => {
      expect(() => normalizeUrl(keitaroUrl, pasted)).toThrow('not a valid address: leave out user name and password');
    },
  );
});
