// Which addresses a tracker may live at: every special block is closed, to an address however it is written.
import { describe, expect, test } from 'vitest';
import { createAddressGuard } from '../../src/adapters/address-guard.ts';

const closed = createAddressGuard([]);
const anything = createAddressGuard(['0.0.0.0/0', '::/0']);
const REFUSED = 'address not allowed';

/** IANA's registries of special-purpose addresses, and what else is not for the internet. */
const SPECIAL: [string, ...string[]][] = [
  ['0.0.0.0/8, this network', '0.0.0.0', '0.1.2.3', '0.255.255.255'],
  ['10.0.0.0/8, private', '10.0.0.0', '10.255.255.255'],
  ['100.64.0.0/10, shared by a carrier', '100.64.0.1', '100.127.255.255'],
  ['127.0.0.0/8, loopback', '127.0.0.1', '127.255.255.255'],
  ['169.254.0.0/16, link-local', '169.254.0.1', '169.254.255.255'],
  ['172.16.0.0/12, private', '172.16.0.1', '172.31.255.255'],
  ['192.0.0.0/24, protocol assignments', '192.0.0.1', '192.0.0.8', '192.0.0.9', '192.0.0.170', '192.0.0.255'],
  ['192.0.2.0/24, documentation', '192.0.2.1', '192.0.2.255'],
  ['192.31.196.0/24, AS112', '192.31.196.1'],
  ['192.52.193.0/24, AMT', '192.52.193.1'],
  ['192.88.99.0/24, 6to4 relays', '192.88.99.1'],
  ['192.168.0.0/16, private', '192.168.0.1', '192.168.255.255'],
  ['192.175.48.0/24, AS112', '192.175.48.1'],
  ['198.18.0.0/15, benchmarking', '198.18.0.1', '198.19.255.255'],
  ['198.51.100.0/24, documentation', '198.51.100.1'],
  ['203.0.113.0/24, documentation', '203.0.113.1'],
  ['224.0.0.0/4, multicast', '224.0.0.1', '239.255.255.255'],
  ['240.0.0.0/4, reserved', '240.0.0.1', '255.255.255.254'],
  ['255.255.255.255/32, broadcast', '255.255.255.255'],
  ['::/128, unspecified', '::'],
  ['::1/128, loopback', '::1', '0:0:0:0:0:0:0:1'],
  ['::/96, IPv4-compatible', '::127.0.0.1', '::8.8.8.8'],
  [
    '::ffff:0:0/96, IPv4-mapped private',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
  ],
  ['::ffff:0:0:0/96, translated', '::ffff:0:8.8.8.8'],
  ['64:ff9b::/96, NAT64', '64:ff9b::7f00:1', '64:ff9b::808:808'],
  ['64:ff9b:1::/48, local NAT64', '64:ff9b:1::1'],
  ['100::/64, discard', '100::1'],
  ['100:0:0:1::/64, dummy', '100:0:0:1::1'],
  ['2001::/23, protocol assignments', '2001:1::1', '2001:1::2', '2001:5::1', '2001:1ff::1'],
  ['2001::/32, Teredo', '2001::1', '2001:0:7f00:1::'],
  ['2001:2::/48, benchmarking', '2001:2::1'],
  ['2001:3::/32, AMT', '2001:3::1'],
  ['2001:4:112::/48, AS112', '2001:4:112::1'],
  ['2001:10::/28, ORCHID', '2001:10::1'],
  ['2001:20::/28, ORCHIDv2', '2001:20::1'],
  ['2001:30::/28, drones', '2001:30::1'],
  ['2001:db8::/32, documentation', '2001:db8::1'],
  ['2002::/16, 6to4', '2002:7f00:1::1', '2002:808:808::1'],
  ['2620:4f:8000::/48, AS112', '2620:4f:8000::1'],
  ['3fff::/20, documentation', '3fff::1', '3fff:fff::1'],
  ['5f00::/16, segment routing', '5f00::1'],
  ['fc00::/7, unique local', 'fc00::1', 'fdff:ffff::1'],
  ['fe80::/10, link-local', 'fe80::1', 'febf::1'],
  ['fe80::/10 with a zone', 'fe80::1%eth0', 'fe80::1%1'],
  ['fec0::/10, site-local', 'fec0::1'],
  ['ff00::/8, multicast', 'ff02::1'],
  ['4000::/3, not handed out', '4000::1', '6000::1', '8000::1', 'e000::1'],
];

const METADATA = [
  ...['169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.169.253', '168.63.129.16'],
  ...['100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd00:0ec2:0:0:0:0:0:254', 'fd00:ec2::23', 'fd20:ce::254'],
  ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1'],
];

describe('special blocks are closed', () => {
  test.each(SPECIAL)('%s', (_, ...addresses) => {
    for (const address of addresses) {
      expect([address, closed.refusal(address, 'https:')]).toEqual([address, REFUSED]);
      expect([address, closed.refusal(address, 'http:')]).toEqual([address, REFUSED]);
    }
  });

  test.each(['', 'panel.example', '127.0.0.1:80', '[::1]', '1.2.3.4.5', ':::', 'http://8.8.8.8'])(
    'what is no address is closed: %s',
    (text) => {
      expect(closed.refusal(text, 'https:')).toBe(REFUSED);
      expect(anything.refusal(text, 'https:')).toBe(REFUSED);
    },
  );
});

describe('the internet is open, over https', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.0.1.1',
    '223.255.255.255',
  ])('%s', (address) => {
    expect(closed.refusal(address, 'https:')).toBeNull();
    expect(closed.refusal(address, 'http:')).toBe('address not allowed (https only)');
  });
  test.each(['2606:4700:4700::1111', '2a00:1450::1', '2001:4860:4860::8888', '::ffff:8.8.8.8'])('%s', (address) => {
    expect(closed.refusal(address, 'https:')).toBeNull();
    expect(closed.refusal(address, 'http:')).toBe('address not allowed (https only)');
  });
});

describe('allowed networks', () => {
  const guard = createAddressGuard(['10.1.0.0/16', 'fd12:3456::/32', '64:ff9b::/96']);
  test.each(['10.1.0.1', '10.1.255.255', '::ffff:10.1.2.3', 'fd12:3456::1'])(
    'open %s, also over plain http',
    (address) => {
      expect(guard.refusal(address, 'https:')).toBeNull();
      expect(guard.refusal(address, 'http:')).toBeNull();
    },
  );
  test.each(['10.2.0.1', '127.0.0.1', '192.168.0.1', 'fd12:3457::1', '::1'])('leave %s closed', (address) => {
    expect(guard.refusal(address, 'https:')).toBe(REFUSED);
  });
  test('do not open through a translation what is closed itself', () => {
    expect(guard.refusal('64:ff9b::808:808', 'https:')).toBeNull();
    expect(guard.refusal('64:ff9b::a01:203', 'https:')).toBeNull();
    expect(guard.refusal('64:ff9b::7f00:1', 'https:')).toBe(REFUSED);
  });
  test.each(METADATA)('never open %s, where a machine’s own credentials are', (address) => {
    expect(anything.refusal(address, 'https:')).toBe(REFUSED);
    expect(anything.refusal(address, 'http:')).toBe(REFUSED);
    expect(closed.refusal(address, 'https:')).toBe(REFUSED);
  });
  test('of no meaning stop the start', () => {
    expect(() => createAddressGuard(['10.0.0.0'])).toThrow();
    expect(() => createAddressGuard(['panel.example/8'])).toThrow();
  });
});
