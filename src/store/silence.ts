// Notices a PostgreSQL that has fallen silent: a link that swallows everything must not keep a statement waiting for ever.
import type { Socket } from 'node:net';
import type pg from 'pg';

const LOOK_EVERY_MS = 5_000;
/** Longer than any of our statements takes, and than any lock of another's is held. */
const SILENCE_MS = 60_000;

/** What pg's types leave out: whether it waits for an answer, and the wire that the answer comes over. */
interface Line {
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Socket };
}

/**
 * Breaks a connection that owes an answer and has moved no byte for a minute; its statement fails, and the pool opens
 * another. One at rest owes nothing, and may be silent as long as it likes.
 */
export function breakWhenSilent(client: pg.PoolClient, silenceMs = SILENCE_MS): void {
  const line = client as unknown as Line;
  let moved = 0;
  let movedAt = performance.now();
  const watch = setInterval(
    () => {
      const { stream } = line.connection;
      const now = stream.bytesRead + stream.bytesWritten;
      if (line.readyForQuery || now !== moved) {
        moved = now;
        movedAt = performance.now();
      } else if (performance.now() - movedAt >= silenceMs) {
        clearInterval(watch);
        stream.destroy(new Error('PostgreSQL has fallen silent'));
      }
    },
    Math.min(LOOK_EVERY_MS, silenceMs / 4),
  );
  watch.unref();
  client.once('end', () => clearInterval(watch));
}
