// Says that ads are known once somebody has confirmed which sub-id carries them, and where.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { trackersQuery } from '../app/trackers.ts';
import { QuietLine } from './QuietLine.tsx';

export function NoAds() {
  const { data: trackers = [] } = useQuery(trackersQuery);
  const [only, ...others] = trackers;
  if (only === undefined) return null;
  return (
    <QuietLine>
      No ad is shown: no sub-id is known to carry one.{' '}
      {others.length === 0 ? (
        <Link to="/trackers/$configId/mappings" params={{ configId: only.id }}>
          Look at the mappings
        </Link>
      ) : (
        <>
          Look at the mappings of your <Link to="/trackers">trackers</Link>.
        </>
      )}
    </QuietLine>
  );
}
