// The fault sweep, that `npm test` has a sample of.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/faults/*.long.ts'],
    globalSetup: ['test/setup/global.ts'],
    pool: 'forks',
    maxWorkers: 1,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
  },
});
