// Rail, top bar and the page between them.
import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { useLive } from '../app/live.ts';
import type { Me } from '../app/me.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Waiting } from '../parts/Waiting.tsx';
import { Commands } from './Commands.tsx';
import css from './Frame.module.css';
import { PLACES } from './places.ts';
import { Rail } from './Rail.tsx';
import { TopBar } from './TopBar.tsx';
import { useKeptFocus } from './useKeptFocus.ts';

export function Frame({ me, children }: { me: Me; children: ReactNode }) {
  const [isOpen, drawer] = useDisclosure(false);
  const isHeard = useLive();
  useKeptFocus();
  const { pathname } = useLocation();
  const place = PLACES.flatMap(({ items }) => [...items]).find(({ to }) => to === pathname);
  const isAllowed = place === undefined || me.allowed.includes(place.route);
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#page">
        Skip to the page
      </a>
      <div className={css.side}>
        <Rail />
      </div>
      <Drawer opened={isOpen} onClose={drawer.close} size={260} title="Tracker Hub">
        <Rail isWide onGo={drawer.close} />
      </Drawer>
      <TopBar me={me} onMenu={drawer.open} />
      <main id="page" className={css.page} tabIndex={-1}>
        {!isHeard && (
          <p className={css.lost} role="status">
            No connection to Tracker Hub. The figures are the last known ones; it is tried again by itself.
          </p>
        )}
        <Suspense fallback={<Waiting lines={8} />}>{isAllowed ? children : <NotYours />}</Suspense>
      </main>
      <Commands />
    </div>
  );
}

function NotYours() {
  return (
    <EmptyState title="This page is not for your role">
      <p>Ask an owner or an admin of yours for another role, if you need it.</p>
    </EmptyState>
  );
}
