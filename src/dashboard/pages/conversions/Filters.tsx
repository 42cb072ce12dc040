// Which conversions: of which days, tracker, status and campaign, or the one with an id.
import { Pill, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CONVERSION_STATUSES } from '../../../core/statuses.ts';
import { findCampaignsQuery } from '../../app/campaigns.ts';
import { STATUS_WORDS, wordOf } from '../../app/statuses.ts';
import { useTyped } from '../../app/typed.ts';
import { RangePicker } from '../../parts/RangePicker.tsx';
import { SearchInput } from '../../parts/SearchInput.tsx';
import { TrackerSelect } from '../../parts/TrackerSelect.tsx';
import css from './Conversions.module.css';
import type { ConversionSearch } from './search.ts';

interface Props {
  search: ConversionSearch;
  onChange(next: ConversionSearch): void;
}

export function Filters({ search, onChange }: Props) {
  return (
    <div className={css.filters}>
      <RangePicker value={search} onChange={(range) => onChange({ ...range, q: undefined })} />
      <IdSearch q={search.q ?? ''} onChange={(q) => onChange({ q })} />
      <TrackerSelect value={search.configId} onChange={(configId) => onChange({ configId, campaignId: undefined })} />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        data={CONVERSION_STATUSES.map((status) => ({ value: status, label: STATUS_WORDS[status] }))}
        value={search.status ?? null}
        onChange={(status) => onChange({ status: (status ?? undefined) as ConversionSearch['status'] })}
      />
      <CampaignSelect {...search} onChange={(campaignId) => onChange({ campaignId })} />
      {search.rawStatus !== undefined && (
        <Pill
          withRemoveButton
          size="md"
          className={css.word}
          removeButtonProps={{ 'aria-label': 'Any word', 'aria-hidden': false, tabIndex: 0 }}
          onRemove={() => onChange({ rawStatus: undefined })}
        >
          The tracker says “{wordOf(search.rawStatus)}”
        </Pill>
      )}
    </div>
  );
}

function IdSearch({ q, onChange }: { q: string; onChange(q: string | undefined): void }) {
  const [typed, type] = useTyped(q, onChange);
  return (
    <SearchInput
      label="Search by id"
      placeholder="Click, conversion or transaction id"
      className={css.search}
      value={typed}
      onChange={type}
    />
  );
}

interface CampaignProps {
  configId?: string | undefined;
  campaignId?: string | undefined;
  onChange(campaignId: string | undefined): void;
}

function CampaignSelect({ configId, campaignId, onChange }: CampaignProps) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 200);
  const { data: found = [] } = useQuery(findCampaignsQuery(q, configId));
  const { data: chosen = [] } = useQuery({
    ...findCampaignsQuery(campaignId ?? '', undefined),
    enabled: campaignId !== undefined,
  });
  const all = new Map([...found, ...(campaignId === undefined ? [] : chosen)].map((one) => [one.id, one.name]));
  return (
    <Select
      aria-label="Campaign"
      placeholder="Any campaign"
      clearable
      searchable
      nothingFoundMessage="No campaign by that name"
      // The API has searched already.
      filter={({ options }) => options}
      data={[...all].map(([value, label]) => ({ value, label }))}
      value={campaignId ?? null}
      onSearchChange={(text) => setTyped(text === all.get(campaignId ?? '') ? '' : text)}
      onChange={(value) => onChange(value ?? undefined)}
    />
  );
}
