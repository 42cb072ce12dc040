// Changed meanings of words moved numbers of all days by themselves: who, when, where to look.
import { Link } from '@tanstack/react-router';
import { Notice } from '../../parts/Notice.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import type { Changes } from './search.ts';

interface Props {
  mappings: Changes['mappings'];
  trackerOf(configId: string): string;
}

export function Remapped({ mappings, trackerOf }: Props) {
  if (mappings.length === 0) return null;
  const byTracker = Map.groupBy(mappings, ({ configId }) => configId);
  return (
    <Notice tone="info" title="What words mean was changed since. That moved numbers of past days too.">
      {[...byTracker].map(([configId, ones]) => (
        <div key={configId}>
          <Link to="/trackers/$configId/mappings" params={{ configId }}>
            {trackerOf(configId)}
          </Link>
          : {ones.length === 1 ? '1 change' : `${ones.length} changes`}, the latest by{' '}
          {ones[0]!.actorName ?? 'somebody who is gone'}, <RelativeTime at={ones[0]!.at} />
        </div>
      ))}
    </Notice>
  );
}
