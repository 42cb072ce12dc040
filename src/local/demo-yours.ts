// The demo's tracker that is left for its reader to connect: with a word that nobody knows, and ads whose spend is uploaded.
import { ofetch } from 'ofetch';
import type { DemoClient } from './demo-client.ts';
import type { DemoTracker } from './demo-simulator.ts';
import { say } from './say.ts';

const WORD = 'trial_started';
const TRIALS = 24;
const HOUR_MS = 3_600_000;

/** As the simulator bills them; an empty text stands for nothing. */
interface AdDay {
  platform: string;
  adCampaignId: string;
  adCampaignName: string;
  adSetId: string;
  adSetName: string;
  adId: string;
  adName: string;
  day: string;
  clicks: number;
  cost: string;
  currency: string;
}

/**
 * Conversions with a status that no map knows, the same ones at every start.
 * @param control the ledger's own control surface
 */
export async function addUnknownWord(control: string, anchorAt: string): Promise<void> {
  const conversions = Array.from({ length: TRIALS }, (_, i) => ({
    ...{ status: WORD, revenue: '18.50', tid: `trial-${i + 1}` },
    at: new Date(Date.parse(anchorAt) - (i + 1) * 7 * HOUR_MS).toISOString(),
  }));
  const overlay = { kind: 'addConversions', conversions };
  await ofetch(`${control}/overlays`, { method: 'POST', body: { overlay } });
}

/** Uploads the ads that a ledger's clicks came from, and what each cost on the days that are over. */
export async function uploadAds(hub: DemoClient, control: string): Promise<void> {
  const to = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
  const told = await ofetch<string, 'text'>(`${control}/truth/ads`, { query: { to }, responseType: 'text' });
  const lines = told.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as AdDay]));
  await hub.uploadAds(lines.map(toUpload));
}

function toUpload({ clicks: _, cost, ...ad }: AdDay): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...ad, spend: cost }).filter(([, value]) => value !== ''));
}

/** What there is to try, said last: where to go, the sign-in, and the tracker while it is not connected. */
export async function sayWhatIsYours(
  hub: DemoClient,
  address: string,
  signInFile: string | null,
  { type, url, credentials }: DemoTracker,
): Promise<void> {
  const title = (await hub.types()).find((one) => one.type === type)?.title ?? type;
  say('');
  say(`Open ${address} and sign in: ${signInFile === null ? 'as given by ADMIN_PASSWORD' : `see ${signInFile}`}`);
  if (await hub.hasTrackerAt(url)) return;
  say(`One more simulated ${title} waits to be connected:`);
  say(`  Tracker URL   ${url}`);
  say(`  API key       ${credentials.apiKey}`);
  say(`Some of its status words, as "${WORD}", nobody has mapped yet, and what its ads cost is uploaded.`);
}
