// Clicks that lead to no ad: of each tracker whether nobody has said which sub-id carries one, or none came with one.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isAd, NONE } from '../app/dimensions.ts';
import { listed } from '../app/format.ts';
import { mappingsQuery } from '../app/mappings.ts';
import type { Tracker } from '../app/trackers.ts';
import { type Asked, useClicked } from './clicked.ts';
import { Notice } from './Notice.tsx';

export function NoAds(asked: Asked) {
  const clicked = useClicked(asked);
  const filters = Object.entries(asked.search.filter ?? {});
  // Who asks for clicks without an ad need not be told that there is none.
  if (filters.some(([name, values]) => isAd(name) && values.includes(NONE))) return null;
  return clicked.map(({ tracker }) => <OfTracker key={tracker.id} tracker={tracker} />);
}

function OfTracker({ tracker: { id, name } }: { tracker: Tracker }) {
  const { data } = useQuery(mappingsQuery(id));
  if (data === undefined) return null;
  const { isGuess, ad, adSet, adCampaign } = data.subIds;
  const carriers = isGuess
    ? []
    : [...new Set([ad, adSet, adCampaign].filter((one) => one !== null))].map((one) => one.replace('sub_', 'sub-id '));
  return (
    <Notice
      tone="info"
      title={carriers.length > 0 ? `No click of ${name} came with an ad here.` : `No click of ${name} leads to an ad.`}
    >
      {carriers.length > 0
        ? `Ads are told by ${listed(carriers)}, and no click of this range has one there.`
        : 'Say which sub-id carries the ad.'}{' '}
      <Link to="/trackers/$configId/mappings" params={{ configId: id }}>
        Look at its mappings
      </Link>
    </Notice>
  );
}
