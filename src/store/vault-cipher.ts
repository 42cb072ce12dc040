// AES-256-GCM as NIST SP 800-38D has it: 96-bit nonce, 128-bit tag, nothing shorter accepted.
import { createCipheriv, createDecipheriv } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** What a message is sealed with. The associated data is not kept in the result; it must be known again to open it. */
export interface CipherInput {
  key: Buffer;
  nonce: Buffer;
  associatedData: Buffer;
}

/** @returns the ciphertext with the tag behind it */
export function encrypt({ key, nonce, associatedData }: CipherInput, plaintext: Buffer): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @returns the plaintext; null where key, nonce, associated data, ciphertext or tag do not belong together */
export function decrypt({ key, nonce, associatedData }: CipherInput, ciphertextAndTag: Buffer): Buffer | null {
  if (nonce.length !== NONCE_BYTES || ciphertextAndTag.length < TAG_BYTES) return null;
  const end = ciphertextAndTag.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(ciphertextAndTag.subarray(end));
  const plaintext = decipher.update(ciphertextAndTag.subarray(0, end));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return null;
  }
}
