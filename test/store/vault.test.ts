// The vault's cipher against Project Wycheproof, and its blobs against every change and every move.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createVault, type SealedPlace, VaultError } from '../../src/store/vault.ts';
import { decrypt, encrypt } from '../../src/store/vault-cipher.ts';
import { openCredentials, sealCredentials } from '../../src/store/vault-credentials.ts';
import wycheproof from '../data/wycheproof-aes-256-gcm.json' with { type: 'json' };

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const place: SealedPlace = { organizationId: 'o1', rowId: 'r1', column: 'credentials_sealed', version: 3 };
const oldKey = { id: 'old', key: randomBytes(32) };
const newKey = { id: '2026-11', key: randomBytes(32) };

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof VaultError) return error.problem;
    throw error;
  }
  return 'opened';
}

describe('the cipher', () => {
  test('has all of the 66 cases to answer', () => {
    expect(wycheproof.cases).toHaveLength(66);
    expect(wycheproof.cases.filter(({ result }) => result === 'invalid').length).toBeGreaterThan(20);
  });

  test.each(wycheproof.cases)('answers Wycheproof case $tcId ($result) $comment', (example) => {
    const input = { key: hex(example.key), nonce: hex(example.iv), associatedData: hex(example.aad) };
    const sealed = Buffer.concat([hex(example.ct), hex(example.tag)]);
    const opened = decrypt(input, sealed);
    if (example.result === 'invalid') {
      expect(opened).toBeNull();
    } else {
      expect(opened?.toString('hex')).toBe(example.msg);
      expect(encrypt(input, hex(example.msg)).toString('hex')).toBe(sealed.toString('hex'));
    }
  });

  test('accepts no shortened tag', () => {
    const input = { key: newKey.key, nonce: randomBytes(12), associatedData: Buffer.alloc(0) };
    const sealed = encrypt(input, Buffer.alloc(0));
    for (let length = 0; length < sealed.length; length++) {
      expect(decrypt(input, sealed.subarray(0, length))).toBeNull();
    }
  });
});

describe('the vault', () => {
  const vault = createVault([newKey, oldKey]);

  test.each(['', 'k', '{"apiKey":"ключ 🔑"}', 'x'.repeat(10_000)])('opens what it sealed', (plaintext) => {
    expect(vault.open(vault.seal(plaintext, place), place)).toBe(plaintext);
  });

  test('never seals twice alike, and shows none of the secret', () => {
    const blobs = new Set(Array.from({ length: 200 }, () => vault.seal('the secret', place)));
    expect(blobs.size).toBe(200);
    for (const blob of blobs) expect(Buffer.from(blob.split('.')[2]!, 'base64url').includes('secret')).toBe(false);
  });

  test('seals with the newest key and opens with all', () => {
    const underOld = createVault([oldKey]).seal('s', place);
    expect(vault.open(underOld, place)).toBe('s');
    expect(vault.seal('s', place).split('.')[1]).toBe('2026-11');
    expect(problemOf(() => createVault([oldKey]).open(vault.seal('s', place), place))).toBe('unknown_key');
  });

  test('refuses another key under the same id', () => {
    const impostor = createVault([{ id: newKey.id, key: randomBytes(32) }]);
    expect(problemOf(() => impostor.open(vault.seal('s', place), place))).toBe('altered_or_moved');
  });

  // Three lengths: base64url ends with no, two or four bits that mean nothing, and those count too.
  test.each(['abc', 'abcd', 'abcde'])('refuses a blob of %j with any one bit of it flipped', (plaintext) => {
    const blob = Buffer.from(vault.seal(plaintext, place));
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(
        problemOf(() => vault.open(flipped.toString('latin1'), place)),
        `bit ${bit}`,
      ).not.toBe('opened');
    }
  });

  test('refuses a blob with any one bit of nonce, ciphertext or tag flipped', () => {
    const [format, keyId, text] = vault.seal('secret', place).split('.');
    const bytes = Buffer.from(text!, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const blob = `${format}.${keyId}.${flipped.toString('base64url')}`;
      expect(
        problemOf(() => vault.open(blob, place)),
        `bit ${bit}`,
      ).toBe('altered_or_moved');
    }
  });

  test.each([
    { organizationId: 'o2' },
    { rowId: 'r2' },
    { column: 'other' },
    { version: 2 },
    // The same letters, parted elsewhere.
    { organizationId: 'o1r', rowId: '1' },
  ])('refuses a blob moved to %j', (elsewhere) => {
    const blob = vault.seal('secret', place);
    expect(problemOf(() => vault.open(blob, { ...place, ...elsewhere }))).toBe('altered_or_moved');
  });

  test('refuses a blob relabelled as sealed by another of its keys', () => {
    const twins = createVault([newKey, { id: 'twin', key: newKey.key }]);
    const relabelled = twins.seal('s', place).replace('2026-11', 'twin');
    expect(problemOf(() => twins.open(relabelled, place))).toBe('altered_or_moved');
  });

  test.each([
    '',
    'v1',
    'v1.2026-11',
    'v1.2026-11.',
    'v1.2026-11.AAAA',
    'v2.2026-11.AAAA',
    'v1..AAAA',
    'v1.2026-11.A.B',
  ])('calls %j malformed', (blob) => {
    expect(problemOf(() => vault.open(blob, place))).toBe('malformed');
  });

  test.each([
    ['no key', []],
    ['a short key', [{ id: 'a', key: Buffer.alloc(16) }]],
    ['an id with a dot', [{ id: 'a.b', key: Buffer.alloc(32) }]],
    ['one id twice', [oldKey, { ...newKey, id: oldKey.id }]],
  ])('is not made of %s', (_, keys) => {
    expect(() => createVault(keys)).toThrow(RangeError);
  });
});

describe("a config's credentials", () => {
  const vault = createVault([newKey]);
  const row = { id: 'r1', organization_id: 'o1', credentials_version: 1 };

  test('open in their row and version only', () => {
    const sealed = sealCredentials(vault, row, { apiKey: 'abc' });
    expect(sealed.credentials_key_id).toBe(newKey.id);
    expect(openCredentials(vault, { ...row, ...sealed })).toEqual({ apiKey: 'abc' });
    const later = { ...row, ...sealed, credentials_version: 2 };
    expect(problemOf(() => openCredentials(vault, later))).toBe('altered_or_moved');
  });

  test('are a record of texts or nothing', () => {
    for (const content of ['[]', 'null', '{"apiKey":1}']) {
      const credentials_sealed = vault.seal(content, {
        organizationId: 'o1',
        rowId: 'r1',
        column: 'credentials_sealed',
        version: 1,
      });
      expect(problemOf(() => openCredentials(vault, { ...row, credentials_sealed }))).toBe('malformed');
    }
  });
});
