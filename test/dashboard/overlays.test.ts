// What opens over a page, and what is empty, is within reach of who cannot see it, light and dark.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calm, seriousIn } from './accessible.ts';
import { type Hub, openHub } from './ground.ts';
import { type Ground, layOut, OVERLAYS } from './overlays.ts';

let hub: Hub;
let ground: Ground;
beforeAll(async () => {
  hub = await openHub();
  ground = await layOut(hub);
});
afterAll(() => hub.end());

/** The pages beneath are looked at as pages. */
const OVER = '[data-portal]:not(:has(.mantine-Notifications-root)), [aria-label="Changes to apply"]';

test.each(Object.entries(OVERLAYS))('axe finds nothing serious: %s', async (_, overlay) => {
  const page = await ground.pageOf(overlay);
  await overlay.open?.(page, hub);
  await page.getByText(overlay.text).filter({ visible: true }).first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await calm(page);
    expect(await seriousIn(page, overlay.open && OVER), colorScheme).toEqual([]);
  }
});
