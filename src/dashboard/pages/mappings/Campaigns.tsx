// Which ad campaign each campaign runs: as its clicks' sub-ids say, by hand where they say nothing.
import { SegmentedControl, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { campaignsOfQuery } from '../../app/campaigns.ts';
import { count } from '../../app/format.ts';
import type { Mappings } from '../../app/mappings.ts';
import { useTyped } from '../../app/typed.ts';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { type CampaignLine, linesOf } from './campaign-lines.ts';
import { choose, type Draft } from './draft.ts';
import css from './Mappings.module.css';
import { PickAdCampaign } from './PickAdCampaign.tsx';

interface Props {
  configId: string;
  pairs: Mappings['campaigns'];
  draft: Draft;
  mayChange: boolean;
  q: string;
  shown: 'all' | 'open';
  onDraft(draft: Draft): void;
  onFilter(filter: { q?: string | undefined; shown?: 'open' | undefined }): void;
}

/** The list is at hand: nobody need be asked for it. */
const QUICK_MS = 100;

export function Campaigns({ configId, pairs, draft, mayChange, q, shown, onDraft, onFilter }: Props) {
  const { data: campaigns, error } = useQuery(campaignsOfQuery(configId));
  const [typed, type] = useTyped(q, (next) => onFilter({ q: next }), QUICK_MS);
  const [picking, setPicking] = useState<CampaignLine | null>(null);
  /** Names of what was picked, until the API tells them. */
  const [picked, setPicked] = useState<Record<string, string>>({});
  const all = campaigns === undefined ? [] : linesOf(campaigns, pairs, draft.campaigns, picked);
  const isOpen = ({ automatic, byHand }: CampaignLine) => automatic.length === 0 && byHand === null;
  const lines = all.filter(
    (line) =>
      `${line.name} ${line.externalId}`.toLowerCase().includes(q.toLowerCase()) && (shown === 'all' || isOpen(line)),
  );
  const columns: Column<CampaignLine>[] = [
    {
      ...{ key: 'campaign', title: 'Campaign' },
      cell: ({ name, externalId }) => (
        <div className={css.wordCell}>
          <div className={css.word} title={name}>
            {name}
          </div>
          <div className={css.note}>{externalId}</div>
        </div>
      ),
    },
    {
      key: 'ads',
      title: 'Ad campaign',
      cell: (line) => <AdCell {...line} onPick={mayChange ? () => setPicking(line) : null} />,
    },
    {
      ...{ key: 'how', title: 'Known by', width: 170, from: 640 },
      cell: ({ automatic, byHand, isChanged }) => {
        if (isChanged) return <span className={css.muted}>Not saved yet</span>;
        if (byHand !== null && automatic.length === 0) return 'By hand';
        const clicks = automatic.reduce((sum, pair) => sum + (pair.clicks ?? 0), 0);
        return automatic.length > 0 ? (
          `Sub-ids, ${count(clicks)} ${clicks === 1 ? 'click' : 'clicks'}`
        ) : (
          <span className={css.muted}>–</span>
        );
      },
    },
  ];
  return (
    <Section title="Campaigns and ad campaigns" aside={`${all.filter(isOpen).length} without an ad campaign`}>
      <div className={css.filters}>
        <TextInput
          aria-label="Search campaigns"
          placeholder="Search by name or id"
          leftSection={<Search size={14} />}
          value={typed}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
        <SegmentedControl
          size="sm"
          aria-label="Which campaigns"
          data={[
            { value: 'all', label: 'All' },
            { value: 'open', label: 'Without' },
          ]}
          value={shown}
          onChange={(value) => onFilter({ shown: value === 'open' ? 'open' : undefined })}
        />
      </div>
      {campaigns === undefined ? (
        <Pending error={error} lines={4} height={52} />
      ) : lines.length === 0 ? (
        <p className={css.muted}>
          {campaigns.length === 0 ? 'This tracker has no campaigns yet.' : 'No campaign fits.'}
        </p>
      ) : (
        <Table label="Campaigns" columns={columns} rows={lines} rowHeight={52} idOf={({ id }) => id} />
      )}
      {picking !== null && (
        <PickAdCampaign
          campaign={picking.name}
          current={picking.byHand?.externalId ?? null}
          onClose={() => setPicking(null)}
          onPick={(ad) => {
            const wanted = ad?.externalId ?? null;
            if (ad !== null) setPicked({ ...picked, [ad.externalId]: ad.name ?? ad.externalId });
            const isAsBefore = wanted === picking.before;
            onDraft({ ...draft, campaigns: choose(draft.campaigns, picking.id, wanted, isAsBefore) });
            setPicking(null);
          }}
        />
      )}
    </Section>
  );
}

function AdCell({ automatic, byHand, name, onPick }: CampaignLine & { onPick: (() => void) | null }) {
  const ads = automatic.map(({ adCampaign }) => adCampaign.name ?? adCampaign.externalId);
  const kept =
    onPick === null ? (
      (byHand?.name ?? '–')
    ) : (
      <UnstyledButton className={css.pick} onClick={onPick}>
        {byHand?.name ?? 'Pick…'}
        <span className={css.unseen}> for {name}</span>
      </UnstyledButton>
    );
  if (ads.length === 0) return kept;
  return (
    <div className={css.wordCell}>
      <div className={css.line} title={ads.join(', ')}>
        {ads.length === 1 ? ads[0] : `${ads[0]} and ${ads.length - 1} more`}
      </div>
      {/* Of clicks whose sub-ids say nothing. */}
      {byHand !== null && <div className={css.note}>else {kept}</div>}
    </div>
  );
}
