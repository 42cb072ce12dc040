// Who sees what: the invitation's page to everybody, the rest to those who are signed in, and sign-in in its place.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Frame } from '../frame/Frame.tsx';
import { SessionEnded } from '../pages/sign-in/SessionEnded.tsx';
import { SignInPage } from '../pages/sign-in/SignInPage.tsx';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Notice } from '../parts/Notice.tsx';
import css from './App.module.css';
import { Refused } from './client.ts';
import { meQuery } from './me.ts';
import { useTabs } from './useTabs.ts';

/** For those who are not signed in. */
const OPEN = new Set(['/invitation', '/reset-password']);

const AGAIN_MS = 5_000;
/** Not that somebody is not signed in. */
const isTrouble = (error: Error | null): boolean =>
  error !== null && !(error instanceof Refused && error.status === 401);

export function App() {
  const { pathname } = useLocation();
  useTabs();
  const isOpen = OPEN.has(pathname);
  const { data, error } = useQuery({
    ...meQuery,
    enabled: !isOpen,
    refetchInterval: ({ state: { error, data } }) => (data === undefined && isTrouble(error) ? AGAIN_MS : false),
  });
  if (isOpen) return <Outlet />;
  if (data === undefined && error instanceof Refused && error.status === 401) return <SignInPage />;
  if (data === undefined && error !== null) {
    return (
      <main className={css.trouble}>
        <Notice tone="bad" title="Tracker Hub does not answer.">
          {error.message} This page tries again by itself.
        </Notice>
      </main>
    );
  }
  if (data === undefined) return null;
  return (
    <>
      {data.organization === null ? (
        <main className={css.trouble}>
          <EmptyState title="You belong to no organisation yet">
            <p>Ask an owner or an admin of yours for an invitation, and open its link.</p>
          </EmptyState>
        </main>
      ) : (
        <Frame me={data}>
          <Outlet />
        </Frame>
      )}
      <SessionEnded me={data} />
    </>
  );
}

export function NotFound() {
  return (
    <EmptyState title="There is no such page">
      <p>The address may have a slip, or what it showed has been deleted.</p>
      <Link to="/trackers">Go to the trackers</Link>
    </EmptyState>
  );
}

/** A page that broke: said on its place, with the way out. */
export function Broken({ error }: { error: unknown }) {
  return (
    <div className={css.broken}>
      <Notice
        tone="bad"
        title="This page broke."
        action={
          <Button size="xs" variant="default" onClick={() => location.reload()}>
            Load it again
          </Button>
        }
      >
        {error instanceof Error ? error.message : null}
      </Notice>
    </div>
  );
}
