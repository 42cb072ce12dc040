// Whether a page of another site sent a request: what browsers say of it themselves, and no page can change.
import { Problem } from './problems.ts';

const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what changes something and was not sent by our own page.
 * @param isSigned the browser's cookie stands for the person: who says nothing of where it comes from is refused too
 * @throws Problem `cross_site`
 */
export function expectOwnPage(request: Request, publicUrl: string, isSigned: boolean): void {
  if (HARMLESS.has(request.method)) return;
  const own = new URL(publicUrl).origin;
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const isOwn = origin === null ? site === 'same-origin' : origin === own;
  const isSilent = origin === null && site === null;
  if (!isOwn && (isSigned || !isSilent)) {
    throw new Problem(
      'cross_site',
      `With a session this can be asked for from ${own} only, which the header Origin must say.`,
    );
  }
}
