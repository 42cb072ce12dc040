// Why a config is in its state, in plain words; null where there is nothing to say.
import type { Resource } from '../core/resources.ts';
import type { ConfigRecord } from '../store/configs.ts';

const NAMES: Readonly<Record<Resource, string>> = {
  campaigns: 'campaigns',
  offers: 'offers',
  landing_pages: 'landing pages',
  flows: 'flows',
  traffic_sources: 'traffic sources',
  affiliate_networks: 'affiliate networks',
  clicks: 'click log',
  conversions: 'conversions',
  totals: 'daily totals',
};

type Facts = Pick<ConfigRecord, 'state' | 'lastError' | 'retryAt' | 'firstSyncedAt' | 'resources' | 'blockedKind'>;

export function stateReason(record: Facts, now: Date): string | null {
  switch (record.state) {
    case 'deleting':
      return 'Its rows are being deleted.';
    case 'pausing':
      return 'Stopping after the page that is being read.';
    case 'paused':
      return 'Paused by a person.';
    case 'needs_attention':
      return attention(record);
    case 'pending':
      return retrying(record, now) ?? 'Waiting for the first sync to begin.';
    case 'syncing':
      return (
        retrying(record, now) ?? (record.firstSyncedAt === null ? 'Reading the history.' : 'Reading a range again.')
      );
    case 'synced':
      return retrying(record, now) ?? missing(record);
  }
}

function attention({ lastError, blockedKind }: Facts): string {
  if (lastError === null) return `Stopped: ${blockedKind}.`;
  return [sentence(lastError.message), lastError.hint].filter((words) => words !== null).join(' ');
}

function retrying({ retryAt, lastError }: Facts, now: Date): string | null {
  if (retryAt === null || retryAt <= now) return null;
  const why = lastError === null ? '' : `${sentence(lastError.message)} `;
  return `${why}Tried again at ${retryAt.toISOString()}.`;
}

function missing({ resources }: Facts): string | null {
  const gone = resources.filter(({ state }) => state === 'unavailable').map(({ resource }) => NAMES[resource]);
  return gone.length === 0 ? null : `The tracker gives no ${gone.join(', no ')}.`;
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
