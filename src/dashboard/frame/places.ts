// The pages of the rail, by what they are for.
import { History, ListChecks, Radar } from 'lucide-react';

export const PLACES = [
  { group: 'Connect', items: [{ to: '/trackers', title: 'Trackers', icon: Radar, route: 'GET /api/v1/trackers' }] },
  {
    group: 'Analyse',
    items: [
      { to: '/conversions', title: 'Conversions', icon: ListChecks, route: 'GET /api/v1/conversions' },
      { to: '/what-moved', title: 'What moved', icon: History, route: 'GET /api/v1/changes' },
    ],
  },
] as const;
