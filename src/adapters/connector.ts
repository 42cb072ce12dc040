// Opens sockets for the HTTP client: the name is resolved here, every address is checked, and the checked ones are used.
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { AddressRefused } from './trouble.ts';

export type Resolve = (host: string) => Promise<LookupAddress[]>;

export interface Timeouts {
  /** For the name, and again for the socket. */
  connectMs: number;
  firstByteMs: number;
  /** Between two parts of an answer. */
  idleMs: number;
  /** From the first byte sent to the last received. */
  wholeMs: number;
}

const resolveByDns: Resolve = (host) => dns.lookup(host, { all: true, verbatim: true });

export function createAgent(guard: AddressGuard, timeouts: Timeouts, resolve: Resolve = resolveByDns): Agent {
  return new Agent({
    headersTimeout: timeouts.firstByteMs,
    bodyTimeout: timeouts.idleMs,
    // One box behind a small firewall: few sockets, and none kept past what usual proxies keep.
    connections: 4,
    keepAliveTimeout: 4_000,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      const patient: Resolve = (name) => within(resolve(name), timeouts.connectMs);
      checkedAddresses(host, options.protocol === 'http:' ? 'http:' : 'https:', guard, patient).then(
        (addresses) => {
          const lookup: LookupFunction = (_host, { all }, done) =>
            all ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family);
          buildConnector({ timeout: timeouts.connectMs, lookup, autoSelectFamily: true })(options, callback);
        },
        (error: Error) => callback(error, null),
      );
    },
  });
}

async function checkedAddresses(
  host: string,
  protocol: 'http:' | 'https:',
  guard: AddressGuard,
  resolve: Resolve,
): Promise<LookupAddress[]> {
  const family = isIP(host);
  const addresses = family > 0 ? [{ address: host, family }] : await resolve(host);
  if (addresses.length === 0) throw new AddressRefused('address not allowed');
  for (const { address } of addresses) {
    const refusal = guard.refusal(address, protocol);
    if (refusal !== null) throw new AddressRefused(refusal);
  }
  return addresses;
}

/** A resolver that never answers would keep the client from ever closing. */
function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = Object.assign(new Error('the name was not resolved in time'), { code: 'ETIMEDOUT' });
    const timer = setTimeout(() => reject(late), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
