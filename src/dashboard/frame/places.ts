// The pages of the rail, by what they are for.
import {
  Activity,
  ChartLine,
  History,
  KeyRound,
  ListChecks,
  Radar,
  ScrollText,
  UsersRound,
  Waypoints,
} from 'lucide-react';

export const PLACES = [
  { group: 'Connect', items: [{ to: '/trackers', title: 'Trackers', icon: Radar, route: 'GET /api/v1/trackers' }] },
  {
    group: 'Analyse',
    items: [
      { to: '/analytics', title: 'Analytics', icon: ChartLine, route: 'GET /api/v1/reports' },
      { to: '/paths', title: 'Paths', icon: Waypoints, route: 'GET /api/v1/reports/paths' },
      { to: '/conversions', title: 'Conversions', icon: ListChecks, route: 'GET /api/v1/conversions' },
      { to: '/what-moved', title: 'What moved', icon: History, route: 'GET /api/v1/changes' },
    ],
  },
  {
    group: 'Admin',
    items: [
      { to: '/audit-log', title: 'Audit log', icon: ScrollText, route: 'GET /api/v1/audit-log' },
      { to: '/team', title: 'Team', icon: UsersRound, route: 'GET /api/v1/users' },
      { to: '/api-keys', title: 'API keys', icon: KeyRound, route: 'GET /api/v1/api-keys' },
      { to: '/system', title: 'System', icon: Activity, route: 'GET /api/v1/system' },
    ],
  },
] as const;
