// Whether the reader is still where something was begun: who has gone on is not called back.

/** @returns whether the page is still that of the call */
export function markPlace(): () => boolean {
  const { pathname } = window.location;
  return () => window.location.pathname === pathname;
}
