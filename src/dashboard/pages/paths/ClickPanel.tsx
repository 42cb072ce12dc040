// One click's story at the side: found by any id of it, or of its conversion.
import { Drawer, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { clock } from '../../app/format.ts';
import { trackersQuery } from '../../app/trackers.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Story } from '../../parts/Story.tsx';
import css from './Paths.module.css';

interface Found {
  kind: 'click' | 'conversion';
  id: string;
  configId: string;
  at: string;
}

const MOST = '20';

async function find(q: string): Promise<Found[]> {
  const query = { q, limit: MOST };
  const { items: clicks } = await answered(api.clicks.$get({ query }));
  if (clicks.length > 0) {
    return clicks.map(({ id, configId, clickedAt: at }) => ({ kind: 'click', id, configId, at }));
  }
  const { items } = await answered(api.conversions.$get({ query }));
  return items.map(({ id, configId, convertedAt: at }) => ({ kind: 'conversion', id, configId, at }));
}

const foundQuery = (q: string) =>
  queryOptions({ queryKey: ['find click', q], queryFn: () => find(q), placeholderData: undefined });

export function ClickPanel({ q, zone, onClose }: { q: string | undefined; zone: string; onClose(): void }) {
  const isPhone = useMediaQuery('(max-width: 639px)');
  return (
    <Drawer
      opened={q !== undefined}
      onClose={onClose}
      position="right"
      size={isPhone ? '100%' : 480}
      title="The story of one click"
    >
      {q !== undefined && <Stories key={q} q={q} zone={zone} />}
    </Drawer>
  );
}

function Stories({ q, zone }: { q: string; zone: string }) {
  const { data: found, error } = useQuery(foundQuery(q));
  const { data: trackers = [] } = useQuery(trackersQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  if (found === undefined) {
    return <Pending error={error} lines={6} height={48} />;
  }
  const [first] = found;
  if (first === undefined) {
    return (
      <Notice tone="info" title={`No click has the id ${q}.`}>
        Paste the click id as the tracker shows it, or the id of a conversion or a transaction. Clicks of the last
        minutes come in with the next sync.
      </Notice>
    );
  }
  const shown = found.find(({ id }) => id === chosen) ?? first;
  const nameOf = (configId: string) => trackers.find(({ id }) => id === configId)?.name ?? 'A tracker';
  return (
    <>
      {found.length > 1 && (
        <ul className={css.found} aria-label="All with this id">
          {found.map(({ id, configId, at }) => (
            <li key={id}>
              <UnstyledButton onClick={() => setChosen(id)} aria-current={id === shown.id}>
                {nameOf(configId)} <span>{clock(at, zone)}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {found.length === 1 && <p className={css.tracker}>{nameOf(first.configId)}</p>}
      <Story kind={shown.kind} id={shown.id} zone={zone} />
    </>
  );
}
