// The pages of the rail, by what they are for.
import { Radar } from 'lucide-react';

export const PLACES = [
  { group: 'Connect', items: [{ to: '/trackers', title: 'Trackers', icon: Radar, route: 'GET /api/v1/trackers' }] },
] as const;
