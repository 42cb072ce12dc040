// Against server-side request forgery: which addresses a tracker may live at, asked of every resolved address when a socket opens.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Where clouds keep a machine's own credentials: closed whatever networks are allowed. */
const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.169.253',
  '169.254.42.42',
  '169.254.0.23',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
].map((text) => ipaddr.parse(text).toNormalizedString());

export interface AddressGuard {
  /** Null where the address may be called, else why not. */
  refusal(address: string, protocol: 'http:' | 'https:'): string | null;
}

/** @param networks CIDRs that are open although private; only these over plain http */
export function createAddressGuard(networks: readonly string[]): AddressGuard {
  const allowed = networks.map((cidr): Network => ipaddr.parseCIDR(cidr));
  return {
    refusal(text, protocol) {
      if (isIP(text) === 0) return 'address not allowed';
      const address = plain(parse(text));
      if (isMetadata(address) || carriable(address).some(isMetadata)) return 'address not allowed';
      const carried = carriedIPv4(address);
      const isOpened = isIn(address, allowed) && (carried === null || isPublic(carried) || isIn(carried, allowed));
      if (isOpened) return null;
      if (!isPublic(address) || (carried !== null && !isPublic(carried))) return 'address not allowed';
      return protocol === 'http:' ? 'address not allowed (https only)' : null;
    },
  };
}

/** The URL writes an IPv6 address in hex alone: `ipaddr.js` takes `::8.8.8.8` for `::ffff:8.8.8.8`, which is another. */
function parse(text: string): Address {
  if (isIP(text) === 4) return ipaddr.parse(text);
  const [address = ''] = text.split('%', 1);
  return ipaddr.parse(new URL(`http://[${address}]`).hostname.slice(1, -1));
}

function plain(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** The IPv4 address that an IPv6 one ends at, where its prefix says so: 6to4, Teredo, ISATAP, NAT64, translated, compatible. */
function carriedIPv4(address: Address): ipaddr.IPv4 | null {
  if (!(address instanceof ipaddr.IPv6)) return null;
  const bytes = address.toByteArray();
  const begins = (...prefix: number[]): boolean => prefix.every((byte, i) => bytes[i] === byte);
  const isIsatap = (bytes[8]! & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
  const isTranslated = begins(0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0);
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0) && bytes[12] !== 0;
  if (begins(0x20, 0x02)) return new ipaddr.IPv4(bytes.slice(2, 6));
  if (begins(0x20, 0x01, 0, 0)) return new ipaddr.IPv4(bytes.slice(12).map((byte) => 0xff - byte));
  const isLast = begins(0, 0x64, 0xff, 0x9b) || isIsatap || isTranslated || isCompatible;
  return isLast ? new ipaddr.IPv4(bytes.slice(12)) : null;
}

/** Where RFC 6052, 6to4 and Teredo put an IPv4 address: a translator's prefix may be any, so that only these can be looked at. */
const PLACES = [
  ...[
    [2, 3, 4, 5],
    [4, 5, 6, 7],
    [5, 6, 7, 9],
    [6, 7, 9, 10],
  ],
  ...[
    [7, 9, 10, 11],
    [9, 10, 11, 12],
    [12, 13, 14, 15],
  ],
];

/** Every IPv4 address that an IPv6 one could be taken for. */
function carriable(address: Address): ipaddr.IPv4[] {
  if (!(address instanceof ipaddr.IPv6)) return [];
  const bytes = address.toByteArray();
  const teredo = bytes.map((byte) => 0xff - byte);
  const at = (source: number[], place: number[]): ipaddr.IPv4 => new ipaddr.IPv4(place.map((i) => source[i]!));
  return [...PLACES.map((place) => at(bytes, place)), at(teredo, [12, 13, 14, 15])];
}

const isMetadata = (address: Address): boolean => METADATA.includes(address.toNormalizedString());

/** Of IPv6 only 2000::/3 is handed out for the internet; the rest is special or will be. */
const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || (address.toByteArray()[0]! & 0xe0) === 0x20);

const isIn = (address: Address, networks: readonly Network[]): boolean =>
  networks.some((network) => network[0].kind() === address.kind() && address.match(network));
