// A stand-in for src/main.ts whose server and worker are small enough to be killed by the dozen.
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { runUntilTold } from '../../src/local/run-until-told.ts';
import { start } from '../../src/local/start.ts';

const { env } = process;

/** Answers with its pid and what the database knows; `crash` as the path ends it the hard way. */
async function server() {
  if (existsSync(join(env.DATA_DIR!, 'refuse-to-start'))) throw new Error('the fake server refuses to start');
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 1 });
  pool.on('error', () => {});
  const http = createServer(async (request, response) => {
    if (request.url === '/crash') process.exit(3);
    try {
      if (request.url === '/write') await pool.query(`create table if not exists kept as select 'still here' as word`);
      const { rows } = await pool.query(request.url === '/read' ? 'select word from kept' : 'select 1 as one');
      response.end(JSON.stringify({ pid: process.pid, temporal: env.TEMPORAL_ADDRESS, rows }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => http.listen(Number(env.PORT), resolve));
  console.log(JSON.stringify({ level: 30, msg: 'listening' }));
  return {
    address: `http://localhost:${env.PORT}`,
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await pool.end();
      writeFileSync(join(env.DATA_DIR!, 'server-stopped-in-order'), '');
    },
  };
}

async function worker() {
  const timer = setInterval(() => {}, 60_000);
  console.log(JSON.stringify({ level: 40, msg: 'the fake worker warns' }));
  // Deaf to everything but SIGKILL, its own time limit included.
  const block = async () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (env.FAKE_WORKER === 'never stops') return { stop: block };
  return { stop: async () => clearInterval(timer) };
}

const PROGRAMS: Record<string, () => Promise<number>> = {
  start: () => start({ env, main: fileURLToPath(import.meta.url), migrate: async () => ({ applied: [] }) }),
  server: () => runUntilTold(server),
  worker: () => runUntilTold(worker),
};

try {
  process.exitCode = await PROGRAMS[process.argv[2]!]!();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
