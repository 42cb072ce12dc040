// Ctrl or ⌘ K: any page, tracker, campaign, offer, and any action that the role allows.
import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Search, SunMoon, UserRound } from 'lucide-react';
import { useState } from 'react';
import { hostOf } from '../app/format.ts';
import { useMay } from '../app/me.ts';
import { trackersQuery } from '../app/trackers.ts';
import css from './Frame.module.css';
import { store, useFirstHit } from './first-hit.ts';
import { type Found, foundQuery, NOTHING_FOUND } from './found.ts';
import { PLACES } from './places.ts';

export function Commands() {
  const may = useMay();
  const navigate = useNavigate();
  const { data: trackers = [], isPending } = useQuery(trackersQuery);
  const { toggleColorScheme } = useMantineColorScheme();
  const [asked, setAsked] = useState('');
  const [q] = useDebouncedValue(asked.trim(), 200);
  const { data: found = NOTHING_FOUND, isFetching } = useQuery(foundQuery(q));
  const isSearching = isPending || isFetching || q !== asked.trim();
  const field = useFirstHit(asked, isSearching);
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
  deeds.push({
    ...{ id: 'theme', label: 'Change between light and dark', leftSection: <SunMoon size={16} /> },
    onClick: toggleColorScheme,
  });
  const own: SpotlightActionData[] = may('PATCH /api/v1/me')
    ? [
        {
          ...{ id: 'account', label: 'Your account', leftSection: <UserRound size={16} /> },
          onClick: () => navigate({ to: '/account' }),
        },
      ]
    : [];
  const opened = (dimension: 'campaign' | 'offer', items: readonly Found[]): SpotlightActionData[] =>
    items.map(({ id, name, externalId, configId }) => ({
      ...{ id, keywords: externalId, label: name ?? externalId },
      description: trackers.find((one) => one.id === configId)?.name,
      onClick: () =>
        navigate({
          to: '/analytics',
          search: { filter: { [dimension]: [id] }, group: dimension === 'campaign' ? 'offer' : 'campaign' },
        }),
    }));
  const groups: SpotlightActionGroupData[] = [
    { group: 'Pages', actions: [...pages, ...own] },
    { group: 'Actions', actions: deeds },
    {
      group: 'Trackers',
      actions: trackers.map(({ id, name, url }) => ({
        ...{ id, label: name, description: hostOf(url) },
        onClick: () => navigate({ to: '/trackers/$configId', params: { configId: id } }),
      })),
    },
    { group: 'Campaigns', actions: opened('campaign', found.campaigns) },
    { group: 'Offers', actions: opened('offer', found.offers) },
  ];
  return (
    <Spotlight
      store={store}
      title="Search and commands"
      classNames={{ header: css.unseen }}
      actions={groups
        .filter(({ actions }) => actions.length > 0)
        .map(({ group, actions }) => ({ group, actions: actions.map((one) => ({ ...one, role: 'option' })) }))}
      shortcut={['mod + K']}
      // From a field too.
      tagsToIgnore={[]}
      scrollAreaProps={{ role: 'listbox', 'aria-label': 'What is found' }}
      limit={16}
      query={asked}
      onQueryChange={setAsked}
      clearQueryOnClose
      nothingFound={isSearching ? 'Searching…' : 'Nothing by that name'}
      searchProps={{
        leftSection: <Search size={16} />,
        placeholder: 'A page, a tracker, a campaign, an offer, an action…',
        'aria-label': 'Search and commands',
        ...field,
      }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      // Who knows what to type does not wait for it to come in.
      transitionProps={{ duration: 0 }}
    />
  );
}
