// Every address of the dashboard. Pages load when they are first shown.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readAnalyticsSearch } from '../pages/analytics/search.ts';
import { readAuditSearch } from '../pages/audit-log/search.ts';
import { readConversionSearch } from '../pages/conversions/search.ts';
import { readPathsSearch } from '../pages/paths/search.ts';
import { readMovedSearch } from '../pages/what-moved/search.ts';
import { App, Broken, NotFound } from './App.tsx';
import { text } from './address.ts';

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

const analytics = createRoute({
  getParentRoute: () => root,
  path: '/analytics',
  validateSearch: readAnalyticsSearch,
  component: lazyRouteComponent(() => import('../pages/analytics/AnalyticsPage.tsx'), 'AnalyticsPage'),
});

const paths = createRoute({
  getParentRoute: () => root,
  path: '/paths',
  validateSearch: readPathsSearch,
  component: lazyRouteComponent(() => import('../pages/paths/PathsPage.tsx'), 'PathsPage'),
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

const auditLog = createRoute({
  getParentRoute: () => root,
  path: '/audit-log',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../pages/audit-log/AuditLogPage.tsx'), 'AuditLogPage'),
});

const team = createRoute({
  getParentRoute: () => root,
  path: '/team',
  component: lazyRouteComponent(() => import('../pages/team/TeamPage.tsx'), 'TeamPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => root,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('../pages/api-keys/ApiKeysPage.tsx'), 'ApiKeysPage'),
});

const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(() => import('../pages/system/SystemPage.tsx'), 'SystemPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('../pages/account/AccountPage.tsx'), 'AccountPage'),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('../pages/reset-password/ResetPasswordPage.tsx'), 'ResetPasswordPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../pages/invitation/InvitationPage.tsx'), 'InvitationPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    trackers,
    tracker,
    mappings,
    analytics,
    paths,
    conversions,
    whatMoved,
    invitation,
    auditLog,
    team,
    apiKeys,
    system,
    account,
    resetPassword,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
  // What a page does not know is no question to the API either.
  search: { strict: true },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
