// The vault: seals secrets for one place in the database, so that a blob copied to any other place does not open.
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './vault-cipher.ts';

export interface VaultKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

/** The one place that a blob belongs to; all of it is authenticated. */
export interface SealedPlace {
  organizationId: string;
  rowId: string;
  column: string;
  /** Counts the secret's changes, so that an older blob cannot be put back. */
  version: number;
}

export interface Vault {
  /** The key that seals; blobs under another one are due for rotation. */
  readonly newestKeyId: string;
  seal(plaintext: string, place: SealedPlace): string;
  /** @throws VaultError */
  open(sealed: string, place: SealedPlace): string;
  /** Keyed hashes by which a text that holds a secret is recognised again: one per key, newest first. Keep the first. */
  fingerprints(text: string): Buffer[];
}

export type VaultProblem = 'unknown_key' | 'malformed' | 'altered_or_moved';

/** A blob that cannot be opened. The message never holds any of its content. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly problem: VaultProblem;

  constructor(problem: VaultProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

const FORMAT = 'v1';
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const SHORTEST_BYTES = NONCE_BYTES + TAG_BYTES;

/**
 * Blobs are `v1.<key id>.<base64url of nonce, ciphertext, tag>`.
 * @param keys newest first: the first one seals, all of them open
 * @throws RangeError for no key, a wrong length, an id that cannot be written, or two keys of one id
 */
export function createVault(keys: readonly VaultKey[]): Vault {
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  const newest = keys[0];
  if (newest === undefined) throw new RangeError('the vault needs a key');
  if (byId.size !== keys.length) throw new RangeError('two vault keys have the same id');
  for (const { id, key } of keys) {
    if (!KEY_ID.test(id)) throw new RangeError('a vault key id is 1 to 32 of A-Z a-z 0-9 _ -');
    if (key.length !== KEY_BYTES) throw new RangeError(`vault key ${id} is not ${KEY_BYTES} bytes long`);
  }

  return {
    newestKeyId: newest.id,

    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const associatedData = associate(newest.id, place);
      const sealed = encrypt({ key: newest.key, nonce, associatedData }, Buffer.from(plaintext, 'utf8'));
      return `${FORMAT}.${newest.id}.${Buffer.concat([nonce, sealed]).toString('base64url')}`;
    },

    open(sealed, place) {
      const { keyId, blob } = parse(sealed);
      const key = byId.get(keyId);
      if (key === undefined) throw new VaultError('unknown_key', `sealed with key ${keyId}, which is not given`);
      const nonce = blob.subarray(0, NONCE_BYTES);
      const input = { key, nonce, associatedData: associate(keyId, place) };
      const plaintext = decrypt(input, blob.subarray(NONCE_BYTES));
      if (plaintext === null) {
        throw new VaultError('altered_or_moved', 'the sealed text was altered, or belongs to another place or key');
      }
      return plaintext.toString('utf8');
    },

    fingerprints: (text) =>
      keys.map(({ key }) => createHmac('sha256', fingerprintKey(key)).update(text, 'utf8').digest()),
  };
}

/** A key of its own: the sealing key serves one purpose only. */
function fingerprintKey(key: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'tracker-hub fingerprint', KEY_BYTES));
}

function parse(sealed: string): { keyId: string; blob: Buffer } {
  const [format, keyId, text, ...rest] = sealed.split('.');
  if (format !== FORMAT || keyId === undefined || text === undefined || rest.length > 0 || !KEY_ID.test(keyId)) {
    throw new VaultError('malformed', 'not a sealed text of this vault');
  }
  const blob = Buffer.from(text, 'base64url');
  // Node skips what is not base64url and ignores spare bits; only the exact spelling counts.
  if (blob.toString('base64url') !== text) throw new VaultError('malformed', 'the sealed text is not base64url');
  if (blob.length < SHORTEST_BYTES) throw new VaultError('malformed', 'the sealed text is too short');
  return { keyId, blob };
}

/** JSON keeps the parts apart whatever they hold. */
function associate(keyId: string, place: SealedPlace): Buffer {
  const { organizationId, rowId, column, version } = place;
  return Buffer.from(JSON.stringify([FORMAT, keyId, organizationId, rowId, column, version]), 'utf8');
}
