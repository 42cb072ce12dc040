// All that opens over a page, and pages with nothing on them: how each is come to.
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import type { Role } from '../../src/store/sign-in-roles.ts';
import { join, makePerson, PASSWORD } from '../api/browser.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import type { Hub } from './ground.ts';

export interface Overlay {
  /** Null for who is not signed in; `nobody` is the owner of an organisation without anything. */
  as: Role | 'nobody' | null;
  /** `:id` is the tracker, `:token` an invitation. */
  path: string;
  /** Where it is not there at once. */
  open?(page: Page, hub: Hub): Promise<unknown>;
  /** What is there then. */
  text: string;
}

const press =
  (...names: (string | RegExp)[]) =>
  async (page: Page) => {
    for (const name of names) {
      const exact = typeof name === 'string';
      const button = page.getByRole('button', { name, exact });
      await button.or(page.getByRole('menuitem', { name, exact })).first().click();
    }
  };
const choose = (name: string) => (page: Page) => page.getByRole('combobox', { name, exact: true }).click();
const openRow = (name: RegExp) => (page: Page) => page.getByRole('row', { name }).first().click();
const typeIn = async (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

const TRACKER = '/trackers/:id';

export const OVERLAYS: Readonly<Record<string, Overlay>> = {
  'a tracker’s menu in the list': {
    as: 'manager',
    path: '/trackers',
    open: press('Actions for North'),
    text: 'Sync now',
  },
  'the menu of one tracker': { as: 'manager', path: TRACKER, open: press('More actions'), text: 'Delete…' },
  'the types of trackers': { as: 'manager', path: '/trackers?connect=new', open: choose('Tracker'), text: 'RedTrack' },
  'connecting, with all that is missing and all that can be set': {
    ...{ as: 'manager', path: '/trackers?connect=binom_v2', text: 'API key is missing.' },
    async open(page) {
      await page.getByText('Settings', { exact: true }).waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await press('Test connection')(page);
    },
  },
  'another key': {
    ...{ as: 'manager', path: TRACKER, open: press('More actions', 'Change connection…'), text: 'Tracker URL' },
  },
  'a range to re-sync': {
    ...{ as: 'manager', path: TRACKER, open: press('More actions', 'Re-sync a range…'), text: 'To, in UTC' },
  },
  'the end of a tracker': {
    ...{ as: 'manager', path: TRACKER, open: press('More actions', 'Delete…'), text: 'to confirm' },
  },
  'a question before what was typed is lost': {
    ...{ as: 'owner', path: '/team', text: 'Keep editing' },
    async open(page) {
      await press('Invite')(page);
      await typeIn(page, 'E-mail', 'noa@example.com');
      await page.keyboard.press('Escape');
    },
  },
  'the menu of a person': { as: 'owner', path: '/team', open: press('Actions for kim'), text: 'Remove…' },
  'the roles': { as: 'owner', path: '/team', open: choose('Role of kim'), text: 'Finance' },
  'a lower role': {
    ...{ as: 'owner', path: '/team', text: 'may do beyond that ends' },
    async open(page) {
      await choose('Role of kim')(page);
      await page.getByRole('option', { name: 'Viewer' }).click();
    },
  },
  'the end of an invitation': {
    ...{ as: 'owner', path: '/team', open: press(/^Revoke the invitation/), text: 'opens nothing any more' },
  },
  'a link for a new password': {
    ...{
      as: 'owner',
      path: '/team',
      open: press('Actions for kim', 'Link for a new password…'),
      text: 'Give them this',
    },
  },
  'a new key': {
    ...{ as: 'owner', path: '/api-keys', text: 'Copy it now' },
    async open(page) {
      await press('Make a key')(page);
      await typeIn(page, 'Name', `Notebook ${Date.now()}`);
      await press('Make key')(page);
    },
  },
  'a deed of the audit log': { as: 'owner', path: '/audit-log', open: openRow(/Invited somebody/), text: 'To what' },
  'the story of a conversion': { as: 'viewer', path: '/conversions', open: openRow(/fraud/), text: 'The tracker says' },
  'the range': { as: 'viewer', path: '/analytics', open: press(/^Range/), text: 'Last 30 days' },
  'the zones': {
    ...{ as: 'viewer', path: '/analytics', text: 'Yours, and UTC' },
    async open(page) {
      await press(/^Range/)(page);
      await choose('Days begin in')(page);
    },
  },
  'the columns': { as: 'viewer', path: '/analytics', open: press('Columns'), text: 'The usual columns' },
  'what to group by': { as: 'viewer', path: '/analytics', open: press('Group'), text: 'Country' },
  'the values of a filter': {
    ...{ as: 'viewer', path: '/analytics', text: 'Apply' },
    async open(page) {
      await press('Filter')(page);
      await page.getByRole('option', { name: 'Campaign', exact: true }).click();
    },
  },
  'the views': { as: 'viewer', path: '/analytics', open: press('Views'), text: 'Save this view as' },
  'a change of mappings': {
    ...{ as: 'manager', path: `${TRACKER}/mappings`, open: press('Rejected'), text: 'not applied yet' },
  },
  'an ad campaign to pick': {
    ...{ as: 'manager', path: `${TRACKER}/mappings`, open: press('Pick… for Alpha'), text: 'Which ad campaign does' },
  },
  'search and commands': {
    ...{ as: 'manager', path: '/trackers', text: 'Your account' },
    async open(page) {
      await page.getByRole('row', { name: /North/ }).waitFor();
      await page.keyboard.press('Control+k');
    },
  },
  'the organisations': { as: 'nobody', path: '/trackers', open: press('empty'), text: 'ours' },
  'one’s account': { as: 'viewer', path: '/trackers', open: press('Account'), text: 'Sign out' },
  'a session that ended': {
    ...{ as: 'finance', path: '/trackers', text: 'Your session has ended' },
    async open(page) {
      await page.getByRole('row', { name: /North/ }).waitFor();
      await page.context().clearCookies();
      await page.getByRole('link', { name: 'What moved' }).click();
    },
  },
  'an invitation': { as: null, path: '/invitation#:token', text: 'Your name' },
  'an invitation that is over': { as: null, path: '/invitation#nothing', text: 'not open any more' },
  'no trackers': { as: 'nobody', path: '/trackers', text: 'No tracker is connected yet' },
  'no keys': { as: 'nobody', path: '/api-keys', text: 'No key was made yet' },
  'no conversions': { as: 'nobody', path: '/conversions', text: 'No conversion' },
  'nothing to report': { as: 'nobody', path: '/analytics', text: 'Nothing in this range' },
  'no paths': { as: 'nobody', path: '/paths', text: 'No click' },
  'nothing that moved': { as: 'nobody', path: '/what-moved', text: 'No past day has moved' },
  'no deeds': { as: 'nobody', path: '/audit-log?action=tracker.create', text: 'Nothing was done' },
};

export interface Ground {
  pageOf(overlay: Overlay, width?: number): Promise<Page>;
}

/** Something of everything, and each overlay’s page before it is opened. */
export async function layOut(hub: Hub): Promise<Ground> {
  const { db, ours, ask } = hub.api;
  const { organizationId } = ours;
  const at = new Date(Date.now() - 60_000).toISOString();
  const configId = await seedConfig(db, organizationId, { name: 'North', first_synced_at: at, last_synced_at: at });
  const owner = { configId, organizationId };
  await seedCampaign(db, owner, '1', { name: 'Alpha' });
  await seedClicks(db, owner, [{ clicked_at: at, campaign_external_id: '1', country: 'DE' }]);
  await seedConversions(db, owner, [{ converted_at: at, clicked_at: at, raw_status: 'fraud', revenue: '12' }]);
  await ask('PUT', '/api/v1/ads?platform=facebook', { body: [{ adCampaignId: 'c1', adCampaignName: 'Spring' }] });
  await makePerson(db, 'kim@example.com', { roles: { [organizationId]: 'manager' } });
  const invited = await ask('POST', '/api/v1/invitations', { body: { email: 'noa@example.com', role: 'manager' } });
  const token = new URL(invited.json.link).hash.slice(1);
  const { rows } = await sql<{ id: string }>`insert into auth."organization" ("name", "slug", "createdAt")
    values ('empty', 'empty', now()) returning "id"`.execute(db);
  const empty = rows[0]!.id;
  const nobody = await makePerson(db, 'nobody@example.com', { roles: { [empty]: 'owner' } });
  await join(db, organizationId, nobody, 'viewer');
  const pages = new Map<string, Page>();
  return {
    /** One signed-in page for each role is enough. */
    async pageOf({ as, path }, width = 1_440) {
      const address = path.replace(':id', configId).replace(':token', token);
      let page = pages.get(String(as));
      if (page === undefined) {
        if (as === null) page = await hub.open('/healthz');
        else if (as !== 'nobody') page = await hub.signedIn(as, '/healthz');
        else {
          page = await hub.open('/healthz');
          await page.request.post('/api/v1/auth/sign-in/email', {
            data: { email: 'nobody@example.com', password: PASSWORD },
            headers: { origin: hub.address },
          });
          await page.evaluate(`localStorage.setItem('tracker-hub.organization', '${empty}')`);
        }
        pages.set(String(as), page);
      }
      await page.setViewportSize({ width, height: 900 });
      // An address that differs by its # alone is no other page.
      await page.goto('about:blank');
      await page.goto(address);
      return page;
    },
  };
}
