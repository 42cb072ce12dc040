// Ctrl or ⌘ K: any page, any tracker, any action that the role allows.
import '@mantine/spotlight/styles.css';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { hostOf } from '../app/format.ts';
import { useMay } from '../app/me.ts';
import { trackersQuery } from '../app/trackers.ts';
import { PLACES } from './places.ts';

export function Commands() {
  const may = useMay();
  const navigate = useNavigate();
  const { data: trackers = [] } = useQuery(trackersQuery);
  const pages: SpotlightActionData[] = PLACES.flatMap(({ items }) =>
    items
      .filter(({ route }) => may(route))
      .map(({ to, title, icon: Icon }) => ({
        ...{ id: to, label: title, leftSection: <Icon size={16} /> },
        onClick: () => navigate({ to }),
      })),
  );
  const deeds: SpotlightActionData[] = may('POST /api/v1/trackers')
    ? [
        {
          ...{ id: 'connect', label: 'Connect tracker', leftSection: <Plus size={16} /> },
          onClick: () => navigate({ to: '/trackers', search: { connect: 'new' } }),
        },
      ]
    : [];
  const groups: SpotlightActionGroupData[] = [
    { group: 'Pages', actions: pages },
    { group: 'Actions', actions: deeds },
    {
      group: 'Trackers',
      actions: trackers.map(({ id, name, url }) => ({
        ...{ id, label: name, description: hostOf(url) },
        onClick: () => navigate({ to: '/trackers/$configId', params: { configId: id } }),
      })),
    },
  ];
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut={['mod + K']}
      limit={12}
      nothingFound="Nothing by that name"
      searchProps={{
        leftSection: <Search size={16} />,
        placeholder: 'A page, a tracker, an action…',
        'aria-label': 'Search and commands',
      }}
      transitionProps={{ duration: 100 }}
    />
  );
}
