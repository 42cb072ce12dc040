// The code that an authenticator app would show now for the address it was given.
import { createOTP } from '@better-auth/utils/otp';

export function codeOf(totpUri: string): Promise<string> {
  const secret = new URL(totpUri).searchParams.get('secret')!;
  return createOTP(Buffer.from(fromBase32(secret)).toString()).totp();
}

function fromBase32(text: string): number[] {
  const bits = [...text.replaceAll('=', '')].map((c) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'),
  );
  return bits
    .join('')
    .match(/.{8}/g)!
    .map((byte) => Number.parseInt(byte, 2));
}
