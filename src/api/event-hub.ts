// Changes of trackers' states and progress: one look for each organisation that is listened to, shared by all of its listeners.
import { type ConfigPulse, readPulse } from '../store/config-pulse.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';

export interface TrackerEvent {
  name: 'tracker' | 'progress' | 'gone';
  configId: string;
  /** What is sent, as JSON. */
  text: string;
}

/** Told of what has changed; a new listener first of everything. */
export type Listener = (events: readonly TrackerEvent[]) => void;

interface Channel {
  listeners: Set<Listener>;
  /** What was told last, by event and config; null until the first look. */
  known: Map<string, TrackerEvent> | null;
}

export interface EventHub {
  /** @returns how to stop listening */
  listen(organizationId: string, listener: Listener): () => void;
}

export function createEventHub({ db, logger, config }: Pick<ApiDeps, 'db' | 'logger' | 'config'>): EventHub {
  const channels = new Map<string, Channel>();
  let isLookDue = false;

  /** Looks are never made twice at once, and stop when nobody listens. */
  function lookSoon(delayMs: number): void {
    if (isLookDue) return;
    isLookDue = true;
    setTimeout(async () => {
      for (const [organizationId, channel] of channels) await look(organizationId, channel);
      isLookDue = false;
      if (channels.size > 0) lookSoon(config.eventsEveryMs);
    }, delayMs).unref();
  }

  async function look(organizationId: string, channel: Channel): Promise<void> {
    try {
      const pulses = await withOrganization(db, organizationId, readPulse, { access: 'read only' });
      const now = new Map(pulses.flatMap(eventsOf).map((event) => [`${event.name} ${event.configId}`, event]));
      const changed = differences(channel.known ?? new Map(), now);
      channel.known = now;
      if (changed.length > 0) for (const listener of channel.listeners) listener(changed);
    } catch (error) {
      // The next look is soon; listeners hear of nothing in the meantime.
      logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'events could not be looked for');
    }
  }

  return {
    listen(organizationId, listener) {
      const channel = channels.get(organizationId) ?? { listeners: new Set(), known: null };
      channels.set(organizationId, channel);
      channel.listeners.add(listener);
      if (channel.known !== null) listener([...channel.known.values()]);
      lookSoon(0);
      return () => {
        channel.listeners.delete(listener);
        if (channel.listeners.size === 0 && channels.get(organizationId) === channel) channels.delete(organizationId);
      };
    },
  };
}

function differences(before: Map<string, TrackerEvent>, now: Map<string, TrackerEvent>): TrackerEvent[] {
  const changed = [...now].filter(([key, event]) => before.get(key)?.text !== event.text).map(([, event]) => event);
  const gone = [...before.values()]
    .filter(({ name, configId }) => name === 'tracker' && !now.has(`tracker ${configId}`))
    .map(({ configId }): TrackerEvent => ({ name: 'gone', configId, text: JSON.stringify({ configId }) }));
  return [...changed, ...gone];
}

function eventsOf({ clicks, conversions, doneSeconds, plannedSeconds, ...state }: ConfigPulse): TrackerEvent[] {
  const { configId } = state;
  const isBusy = doneSeconds !== null && plannedSeconds !== null && plannedSeconds > 0;
  const percent = isBusy ? Math.floor((10_000 * doneSeconds) / plannedSeconds) / 100 : null;
  return [
    { name: 'tracker', configId, text: JSON.stringify(state) },
    { name: 'progress', configId, text: JSON.stringify({ configId, percent, rows: { clicks, conversions } }) },
  ];
}
