// The pages of the rail, by what they are for.
import { ChartLine, ListChecks, Radar } from 'lucide-react';

export const PLACES = [
  { group: 'Connect', items: [{ to: '/trackers', title: 'Trackers', icon: Radar, route: 'GET /api/v1/trackers' }] },
  {
    group: 'Analyse',
    items: [
      { to: '/analytics', title: 'Analytics', icon: ChartLine, route: 'GET /api/v1/reports' },
      { to: '/conversions', title: 'Conversions', icon: ListChecks, route: 'GET /api/v1/conversions' },
    ],
  },
] as const;
