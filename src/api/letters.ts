// The letters that carry a link, where mail is set up.
import { INVITATION_DAYS } from '../store/invitations.ts';
import type { ApiDeps } from './deps.ts';

export const RESET_HOURS = 1;

/** @returns whether it went out; an inviter whose mail does not go out has the link in the answer */
export const sendInvitation = (deps: ApiDeps, to: string, organization: string, link: string): Promise<boolean> =>
  send(deps, to, `Invitation to ${organization}`, [
    `You are invited to ${organization} on Tracker Hub.`,
    `Open this link to accept; it is good for ${INVITATION_DAYS} days, once:`,
    link,
  ]);

export const sendPasswordLink = (deps: ApiDeps, to: string, link: string): Promise<boolean> =>
  send(deps, to, 'A new password for Tracker Hub', [
    `Open this link to choose a new password; it is good for ${RESET_HOURS} hour, once:`,
    link,
  ]);

async function send({ mail, logger }: ApiDeps, to: string, subject: string, parts: string[]): Promise<boolean> {
  if (mail === null) return false;
  try {
    await mail({ to, subject, text: [...parts, 'If you did not expect this, leave it alone.'].join('\n\n') });
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    logger.warn({ code: typeof code === 'string' ? code : 'unknown' }, 'a letter could not be sent');
    return false;
  }
}
