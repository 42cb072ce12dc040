// Mail, through the server that SMTP_URL names.
import { createTransport } from 'nodemailer';

export interface Letter {
  to: string;
  subject: string;
  text: string;
}

const PATIENCE_MS = 10_000;

/** @returns what sends a letter, or fails within seconds */
export function createMail(smtpUrl: string, from: string): (letter: Letter) => Promise<void> {
  const patience = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS };
  const transport = createTransport({ url: smtpUrl, ...patience });
  return async ({ to, subject, text }) => {
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
  };
}
