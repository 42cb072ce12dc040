// Addresses of the network as people write them: the short form of IPv6, and IPv4 as itself.
const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/** What is no address of IPv6 stays as it is. */
export function shortAddress(ip: string): string {
  const short = ip.includes(':') ? (URL.parse(`http://[${ip}]/`)?.hostname ?? null) : null;
  if (short === null) return ip;
  const [, high, low] = MAPPED.exec(short) ?? [];
  if (high === undefined || low === undefined) return short.slice(1, -1);
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]).join('.');
}
