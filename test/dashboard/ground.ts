// The dashboard as people have it: the real API on a socket with the built files, a simulated tracker, a browser.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { FaceAccess } from '../../simulator/hosted-ledgers.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { ensureDashboard } from '../../src/local/dashboard-build.ts';
import { readDashboard } from '../../src/local/dashboard-files.ts';
import { createSessionTokens } from '../../src/store/session-tokens.ts';
import type { Role } from '../../src/store/sign-in-roles.ts';
import { makePerson, PASSWORD } from '../api/browser.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { canaryKey } from '../leaks/canary.ts';
import { activitiesOf, openGround, workUntilRest } from '../sync/ground.ts';
import { launchBrowser } from './browser.ts';

export interface Hub {
  api: Harness;
  address: string;
  browser: Browser;
  ledger: LedgerControl;
  /** The simulated Keitaro, as a person would enter it. */
  keitaro: FaceAccess;
  /** A page of somebody's own, who is not signed in. */
  open(path?: string, look?: Look): Promise<Page>;
  /** The same, signed in as a new person of this role. */
  signedIn(role: Role, path?: string, look?: Look): Promise<Page>;
  /** Does what is due for the trackers that were woken, as a worker would. */
  work(): Promise<void>;
  end(): Promise<void>;
}

export interface Look {
  scheme?: 'light' | 'dark';
  width?: number;
  /** Where the reader is. */
  zone?: string;
}

/** @param overrides what the API has another way than usual */
export async function openHub(overrides: Partial<ApiDeps> = {}): Promise<Hub> {
  const folder = await ensureDashboard();
  if (folder === null) throw new Error('the dashboard could not be built');
  let address = '';
  const api = await startHarness({ dashboard: readDashboard(folder), ...overrides }, { publicUrl: () => address });
  const server = serve({ fetch: api.app.fetch, port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { db, vault } = api;
  const ground = await openGround(api.databaseUrl, { vault, tokens: createSessionTokens(db, vault) });
  const opened = await openLedger(ground.simulator, {
    ...{ name: 'main', days: 4, clicks: 2_000, conversions: 120, campaigns: 3, limits: false, apiKey: canaryKey() },
  });
  const ledger = ledgerControl(ground.simulator, opened.name);
  const keitaro = (await ledger.faces()).find(({ face }) => face === 'keitaro')!;
  const activities = activitiesOf(ground.deps);
  const browser = await launchBrowser();
  let people = 0;
  const errors: string[] = [];

  async function open(path = '/', { scheme = 'light', width = 1_440, zone = 'UTC' }: Look = {}): Promise<Page> {
    const context = await browser.newContext({
      ...{ viewport: { width, height: 900 }, colorScheme: scheme, timezoneId: zone, baseURL: address },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(path);
    return page;
  }

  return {
    ...{ api, address, browser, ledger, keitaro, open },
    async signedIn(role, path = '/trackers', look = {}) {
      people += 1;
      const email = `${role}${people}@example.com`;
      await makePerson(db, email, { roles: { [api.ours.organizationId]: role } });
      const page = await open('/healthz', look);
      const answer = await page.request.post('/api/v1/auth/sign-in/email', {
        data: { email, password: PASSWORD },
        headers: { origin: address },
      });
      expect(answer.status()).toBe(200);
      await page.goto(path);
      return page;
    },
    async work() {
      for (const configId of new Set(api.woken.splice(0))) await workUntilRest(activities, configId);
    },
    async end() {
      await browser.close();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await ground.stop();
      await api.end();
      expect(errors, 'errors in pages').toEqual([]);
    },
  };
}
