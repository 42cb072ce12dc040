// Every tracker that the simulator can play: rows per second of its whole backfill, from the connection to the last commit, with no call refused for coming too soon.
import { ledgerControl } from '../simulator/client.ts';
import { connectFace, forget, type Hub, untilSynced } from './hub.ts';

const CLICKS = 60_000;
const CONVERSIONS = 2_000;

export interface TrackerPace {
  face: string;
  rows: number;
  /** Of each round. */
  rowsPerSecond: number[];
}

/** In turn, so that a machine that grows slower or faster does so for all. */
export async function measureTrackers(hub: Hub, rounds: number): Promise<TrackerPace[]> {
  const ledger = await hub.openLedger({
    ...{ name: 'trackers', clicks: CLICKS, conversions: CONVERSIONS, growthPerDay: 0, limits: false },
    frozenAt: new Date().toISOString(),
  });
  const faces = await ledgerControl(hub.simulator, ledger.name).faces();
  const paces = new Map(faces.map(({ face }) => [face, { face, rows: 0, rowsPerSecond: [] as number[] }]));
  for (let round = 0; round < rounds; round++) {
    for (const access of faces) {
      await forget(hub);
      const startedAt = performance.now();
      const { id } = await connectFace(hub, access, access.face, { syncIntervalMinutes: 1440, callsPerMinute: 0 });
      await untilSynced(hub, id);
      const seconds = (performance.now() - startedAt) / 1_000;
      const rows = await rowsOf(hub, id);
      Object.assign(paces.get(access.face)!, { rows }).rowsPerSecond.push(rows / seconds);
      console.log(JSON.stringify({ face: access.face, rows, seconds }));
    }
  }
  return [...paces.values()];
}

async function rowsOf(hub: Hub, id: string): Promise<number> {
  const counts = await hub.db.query(
    `select (select count(*) from click where tracker_config_id = $1)
      + (select count(*) from conversion where tracker_config_id = $1) as rows`,
    [id],
  );
  return Number(counts.rows[0].rows);
}
