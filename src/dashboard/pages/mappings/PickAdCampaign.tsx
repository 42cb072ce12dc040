// Finds an ad campaign among those that were uploaded.
import { Button, Modal, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { type AdCampaign, adCampaignsQuery } from '../../app/campaigns.ts';
import { ApiDocs } from '../../parts/ApiDocs.tsx';
import { Pending } from '../../parts/Pending.tsx';
import css from './Mappings.module.css';

interface Props {
  campaign: string;
  current: string | null;
  onClose(): void;
  onPick(ad: AdCampaign | null): void;
}

export function PickAdCampaign({ campaign, current, onClose, onPick }: Props) {
  const [q, setQ] = useState('');
  const [asked] = useDebouncedValue(q.trim(), 200);
  const { data: found, error } = useQuery(adCampaignsQuery(asked));
  return (
    <Modal opened onClose={onClose} title={`Which ad campaign does ${campaign} run?`} size={520}>
      <TextInput
        data-autofocus
        aria-label="Search ad campaigns"
        placeholder="Part of the name, or the id"
        leftSection={<Search size={14} />}
        value={q}
        onChange={({ currentTarget }) => setQ(currentTarget.value)}
      />
      {found === undefined ? (
        <Pending error={error} lines={5} height={44} />
      ) : found.length === 0 ? (
        <p className={css.muted}>
          {asked === '' ? (
            <>
              No ad campaign was uploaded yet. They come in through the <ApiDocs />.
            </>
          ) : (
            'No ad campaign fits. Try its id.'
          )}
        </p>
      ) : (
        <ul className={css.found} aria-label="Ad campaigns">
          {found.map((ad) => (
            <li key={ad.id}>
              <UnstyledButton
                className={css.foundOne}
                data-current={ad.externalId === current}
                onClick={() => onPick(ad)}
              >
                <span>{ad.name ?? ad.externalId}</span>
                <span className={css.note}>
                  {ad.platform} · {ad.externalId}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {current !== null && (
        <Button variant="default" mt={12} onClick={() => onPick(null)}>
          No ad campaign
        </Button>
      )}
    </Modal>
  );
}
