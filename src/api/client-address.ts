// The address a request came from. Only proxies that we trust may say that it came from further away.
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import type { ApiEnv } from './deps.ts';

/** Null where the request came without a socket. */
export function clientAddress(c: Context<ApiEnv>, trustedProxies: readonly string[]): string | null {
  const peer = c.env?.incoming?.socket?.remoteAddress;
  if (peer === undefined) return null;
  return forwardedFrom(peer, c.req.header('x-forwarded-for') ?? '', trustedProxies);
}

/** Walks back along the proxies, nearest first, to the first address that is not a trusted one. */
export function forwardedFrom(peer: string, forwardedFor: string, trustedProxies: readonly string[]): string {
  const hops = forwardedFor.split(',').map((hop) => hop.trim());
  let at = normal(peer) ?? peer;
  while (isWithin(at, trustedProxies)) {
    const hop = normal(hops.pop() ?? '');
    if (hop === null) break;
    at = hop;
  }
  return at;
}

/** What limits take for one caller: of IPv6 the /64, which is what one subscriber is given at least. */
export function callerOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  const parts = ipaddr.IPv6.parse(address).parts.slice(0, 4);
  return `${parts.map((part) => part.toString(16)).join(':')}::/64`;
}

const normal = (address: string): string | null =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : null;

function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    const [range, bits] = ipaddr.parseCIDR(network);
    return parsed.kind() === range.kind() && parsed.match(range, bits);
  });
}
