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
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
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
      const carried = carriedIPv4(address);
      if (isMetadata(address) || (carried !== null && isMetadata(carried))) return 'address not allowed';
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

/** The IPv4 address that a translated IPv6 one ends at: NAT64, 6to4, IPv4-compatible. */
function carriedIPv4(address: Address): ipaddr.IPv4 | null {
  if (!(address instanceof ipaddr.IPv6)) return null;
  const bytes = address.toByteArray();
  const isSixToFour = bytes[0] === 0x20 && bytes[1] === 0x02;
  const isNat64 = bytes[0] === 0x00 && bytes[1] === 0x64 && bytes[2] === 0xff && bytes[3] === 0x9b;
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0) && bytes[12] !== 0;
  if (isSixToFour) return new ipaddr.IPv4(bytes.slice(2, 6));
  return isNat64 || isCompatible ? new ipaddr.IPv4(bytes.slice(12, 16)) : null;
}

const isMetadata = (address: Address): boolean => METADATA.includes(address.toNormalizedString());

/** Of IPv6 only 2000::/3 is handed out for the internet; the rest is special or will be. */
const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || (address.toByteArray()[0]! & 0xe0) === 0x20);

const isIn = (address: Address, networks: readonly Network[]): boolean =>
  networks.some((network) => network[0].kind() === address.kind() && address.match(network));
