// IANA's special-purpose blocks as the registries list them, their first and last addresses, and the neighbours outside.
// Reckoned with plain numbers, so that nothing is shared with what the guard reckons with.

export interface Block {
  cidr: string;
  name: string;
  /** Just outside, and open to everyone; none where the neighbour is special itself or was never handed out. */
  neighbours: string[];
}

const block = (cidr: string, name: string, ...neighbours: string[]): Block => ({ cidr, name, neighbours });

export const BLOCKS: readonly Block[] = [
  block('0.0.0.0/8', 'this network', '1.0.0.0'),
  block('10.0.0.0/8', 'private', '9.255.255.255', '11.0.0.0'),
  block('100.64.0.0/10', 'shared by a carrier', '100.63.255.255', '100.128.0.0'),
  block('127.0.0.0/8', 'loopback', '126.255.255.255', '128.0.0.0'),
  block('169.254.0.0/16', 'link-local', '169.253.255.255', '169.255.0.0'),
  block('172.16.0.0/12', 'private', '172.15.255.255', '172.32.0.0'),
  block('192.0.0.0/24', 'protocol assignments', '191.255.255.255', '192.0.1.0'),
  block('192.0.0.0/29', 'service continuity'),
  block('192.0.0.8/32', 'dummy'),
  block('192.0.0.9/32', 'port control anycast'),
  block('192.0.0.10/32', 'TURN anycast'),
  block('192.0.0.170/31', 'NAT64 discovery'),
  block('192.0.2.0/24', 'documentation 1', '192.0.1.255', '192.0.3.0'),
  block('192.31.196.0/24', 'AS112', '192.31.195.255', '192.31.197.0'),
  block('192.52.193.0/24', 'AMT', '192.52.192.255', '192.52.194.0'),
  block('192.88.99.0/24', '6to4 relays', '192.88.98.255', '192.88.100.0'),
  block('192.168.0.0/16', 'private', '192.167.255.255', '192.169.0.0'),
  block('192.175.48.0/24', 'AS112', '192.175.47.255', '192.175.49.0'),
  block('198.18.0.0/15', 'benchmarking', '198.17.255.255', '198.20.0.0'),
  block('198.51.100.0/24', 'documentation 2', '198.51.99.255', '198.51.101.0'),
  block('203.0.113.0/24', 'documentation 3', '203.0.112.255', '203.0.114.0'),
  block('224.0.0.0/4', 'multicast', '223.255.255.255'),
  block('240.0.0.0/4', 'reserved'),
  block('255.255.255.255/32', 'broadcast'),
  block('::/128', 'unspecified'),
  block('::1/128', 'loopback'),
  block('::/96', 'IPv4-compatible'),
  block('::ffff:0:0:0/96', 'IPv4-translated'),
  block('64:ff9b::/96', 'NAT64'),
  block('64:ff9b:1::/48', 'local NAT64'),
  block('100::/64', 'discard'),
  block('100:0:0:1::/64', 'dummy'),
  block('2001::/23', 'protocol assignments', '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'),
  block('2001::/32', 'Teredo'),
  block('2001:1::1/128', 'port control anycast'),
  block('2001:1::2/128', 'TURN anycast'),
  block('2001:1::3/128', 'DNS-SD anycast'),
  block('2001:2::/48', 'benchmarking'),
  block('2001:3::/32', 'AMT'),
  block('2001:4:112::/48', 'AS112'),
  block('2001:10::/28', 'ORCHID'),
  block('2001:20::/28', 'ORCHIDv2'),
  block('2001:30::/28', 'drones'),
  block('2001:db8::/32', 'documentation', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::'),
  block('2002::/16', '6to4', '2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'),
  block('2620:4f:8000::/48', 'AS112', '2620:4f:7fff:ffff:ffff:ffff:ffff:ffff', '2620:4f:8001::'),
  block('3fff::/20', 'documentation', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::'),
  block('4000::/3', 'not handed out'),
  block('5f00::/16', 'segment routing'),
  block('fc00::/7', 'unique local'),
  block('fe80::/10', 'link-local'),
  block('fec0::/10', 'site-local'),
  block('ff00::/8', 'multicast'),
];

/** The first and the last address of a block, as text. */
export function edgesOf(cidr: string): [string, string] {
  const [address = '', length = ''] = cidr.split('/');
  const isLong = address.includes(':');
  const bits = isLong ? 128n : 32n;
  const first = isLong ? numberOfIPv6(address) : numberOfIPv4(address);
  const last = first | ((1n << (bits - BigInt(length))) - 1n);
  const text = isLong ? textOfIPv6 : textOfIPv4;
  return [text(first), text(last)];
}

const numberOfIPv4 = (text: string): bigint => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function numberOfIPv6(text: string): bigint {
  const [before = '', after = ''] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const missing = 8 - groups(before).length - groups(after).length;
  const all = [...groups(before), ...Array(missing).fill('0'), ...groups(after)];
  return all.reduce((sum: bigint, group: string) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

const textOfIPv4 = (number: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join('.');

const textOfIPv6 = (number: bigint): string =>
  Array.from({ length: 8 }, (_, i) => ((number >> BigInt(112 - 16 * i)) & 65_535n).toString(16)).join(':');

/** An IPv4 address inside IPv6, in every form that something between us and it may unpack. */
export function carriersOf(ipv4: string): [string, string][] {
  const [a, b, c, d] = ipv4.split('.').map(Number) as [number, number, number, number];
  const hex = (...bytes: [number, number]): string => ((bytes[0] << 8) | bytes[1]).toString(16);
  const [high, low] = [hex(a, b), hex(c, d)];
  const [invertedHigh, invertedLow] = [hex(255 - a, 255 - b), hex(255 - c, 255 - d)];
  return [
    ['mapped', `::ffff:${high}:${low}`],
    ['mapped, dotted', `::ffff:${ipv4}`],
    ['compatible', `::${high}:${low}`],
    ['translated', `::ffff:0:${high}:${low}`],
    ['NAT64', `64:ff9b::${high}:${low}`],
    ['local NAT64, the last 32 bits', `64:ff9b:1::${high}:${low}`],
    ['local NAT64, 48 bits before it', `64:ff9b:1:${high}:${hex(0, c)}:${hex(d, 0)}::`],
    ['local NAT64, 64 bits before it', `64:ff9b:1:1:${hex(0, a)}:${hex(b, c)}:${hex(d, 0)}:0`],
    ['6to4', `2002:${high}:${low}::1`],
    ['Teredo client', `2001:0:102:304:0:0:${invertedHigh}:${invertedLow}`],
    ['Teredo server', `2001:0:${high}:${low}::1`],
    ['ISATAP', `2a00:1:2:3:0:5efe:${high}:${low}`],
    ['ISATAP of a global address', `2a00:1:2:3:200:5efe:${high}:${low}`],
  ];
}
