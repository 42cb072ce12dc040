// The letter with an invitation's link, where mail is set up.
import { INVITATION_DAYS } from '../store/invitations.ts';
import type { ApiDeps } from './deps.ts';

/** @returns whether it went out; an inviter whose mail does not go out has the link in the answer */
export async function sendInvitation(
  { mail, logger }: ApiDeps,
  { to, organization, link }: { to: string; organization: string; link: string },
): Promise<boolean> {
  if (mail === null) return false;
  const text = [
    `You are invited to ${organization} on Tracker Hub.`,
    `Open this link to accept; it is good for ${INVITATION_DAYS} days, once:`,
    link,
    'If you did not expect this, leave it alone.',
  ].join('\n\n');
  try {
    await mail({ to, subject: `Invitation to ${organization}`, text });
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    logger.warn({ code: typeof code === 'string' ? code : 'unknown' }, 'an invitation could not be sent by mail');
    return false;
  }
}
