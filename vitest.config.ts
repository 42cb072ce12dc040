// How the tests run: one PostgreSQL and one Temporal for the whole run, two test files at a time.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/global.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    // What is looked at again until it is right has as long as a page's own waits.
    expect: { poll: { timeout: 15_000 } },
    // A browser may wait too long on a machine that others use too; whatever else fails has failed.
    retry: process.env.CI === undefined ? 0 : { count: 1, condition: /Timeout \d+ms exceeded/ },
  },
});
