// Every address of the dashboard. Pages load when they are first shown.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readConversionSearch } from '../pages/conversions/search.ts';
import { readMovedSearch } from '../pages/what-moved/search.ts';
import { App, Broken, NotFound } from './App.tsx';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const root = createRootRoute({ component: App, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/trackers' });
  },
});

const trackers = createRoute({
  getParentRoute: () => root,
  path: '/trackers',
  validateSearch: (search: Record<string, unknown>): { q?: string; state?: string; connect?: string } => ({
    q: text(search.q),
    state: text(search.state),
    connect: text(search.connect),
  }),
  component: lazyRouteComponent(() => import('../pages/trackers/TrackersPage.tsx'), 'TrackersPage'),
});

const tracker = createRoute({
  getParentRoute: () => root,
  path: '/trackers/$configId',
  component: lazyRouteComponent(() => import('../pages/tracker/TrackerPage.tsx'), 'TrackerPage'),
});

const mappings = createRoute({
  getParentRoute: () => root,
  path: '/trackers/$configId/mappings',
  validateSearch: (search: Record<string, unknown>): { q?: string; shown?: 'open' } => ({
    q: text(search.q),
    shown: search.shown === 'open' ? 'open' : undefined,
  }),
  component: lazyRouteComponent(() => import('../pages/mappings/MappingsPage.tsx'), 'MappingsPage'),
});

const conversions = createRoute({
  getParentRoute: () => root,
  path: '/conversions',
  validateSearch: readConversionSearch,
  component: lazyRouteComponent(() => import('../pages/conversions/ConversionsPage.tsx'), 'ConversionsPage'),
});

const whatMoved = createRoute({
  getParentRoute: () => root,
  path: '/what-moved',
  validateSearch: readMovedSearch,
  component: lazyRouteComponent(() => import('../pages/what-moved/WhatMovedPage.tsx'), 'WhatMovedPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../pages/invitation/InvitationPage.tsx'), 'InvitationPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, trackers, tracker, mappings, conversions, whatMoved, invitation]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
