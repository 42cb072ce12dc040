// Addresses of the network as people write them: the short form of IPv6, and IPv4 as itself.
const MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/** What is no address of IPv6 stays as it is. */
export function shortAddress(ip: string): string {
  const url = new URL('http://localhost');
  // The browser shortens it; what it cannot read changes nothing.
  url.hostname = `[${ip}]`;
  const short = /^\[(.+)\]$/.exec(url.hostname)?.[1];
  if (short === undefined) return ip;
  const [, high, low] = MAPPED.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]).join('.');
}
