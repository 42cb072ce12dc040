// Before and after the whole run: the servers, a migrated database that every test's own is copied from, a search for secrets.
import type { TestProject } from 'vitest/node';
import { expectNothingLeft } from '../leaks/after-run.ts';
import { keptTestServers, startTestServers } from './servers.ts';
import { prepareTemplate } from './template.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** PostgreSQL as superuser; for tests of the servers themselves. Others take a `freshDatabase()`. */
    databaseUrl: string;
    /** `host:port` of a Temporal dev server, namespace `default`. */
    temporalAddress: string;
    /** The migrated template; null when migrating failed, for the reason in `templateProblem`. */
    templateDatabase: string | null;
    templateProblem: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env.TRACKER_HUB_TEST_SERVERS;
  const servers = kept ? await keptTestServers(kept) : await startTestServers();
  const template = await prepareTemplate(servers.databaseUrl);
  project.provide('databaseUrl', servers.databaseUrl);
  project.provide('temporalAddress', servers.temporalAddress);
  project.provide('templateDatabase', template.database);
  project.provide('templateProblem', template.problem);
  return async () => {
    try {
      await expectNothingLeft(servers);
    } catch (error) {
      // What a teardown throws is shown, and does not fail the run by itself.
      process.exitCode = 1;
      throw error;
    } finally {
      await servers.stop();
    }
  };
}
