// The pages of the rail, by what they are for.
import { ListChecks, Radar } from 'lucide-react';

export const PLACES = [
  { group: 'Connect', items: [{ to: '/trackers', title: 'Trackers', icon: Radar, route: 'GET /api/v1/trackers' }] },
  {
    group: 'Analyse',
    items: [{ to: '/conversions', title: 'Conversions', icon: ListChecks, route: 'GET /api/v1/conversions' }],
  },
] as const;
