// A whole hub as real processes with a data folder of its own, every word of which is kept to be searched.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { systemFolderFor } from '../../src/local/system-folder.ts';
import { type Home, type Launched, launch } from '../local/launched.ts';
import { searchDatabase, searchFolder, searchWorkflows } from './places.ts';
import type { Search } from './search.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface Hub {
  launched: Launched;
  /** Every answer so far, with its headers. */
  answers: string[];
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Asks for a tracker until it is so. */
  until(path: string, isSo: (json: Answer['json']) => boolean): Promise<Answer['json']>;
  /** Database and workflows as they are now, through their own doors. @returns events of histories seen */
  searchLive(search: Search): Promise<number>;
  /** Everything on disk, also what is deleted but not overwritten. */
  searchDisk(search: Search): Promise<void>;
}

export async function launchHub(home: Home, apiKey: string, env: NodeJS.ProcessEnv): Promise<Hub> {
  const launched = launch(home, env, MAIN);
  await launched.says('ctrl-C stops everything.');
  const answers: string[] = [];
  const ask: Hub['ask'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${home.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    answers.push(`${method} ${response.status} ${JSON.stringify([...response.headers])}\n${text}`);
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, json: isJson ? JSON.parse(text) : null };
  };
  return {
    ...{ launched, answers, ask },
    async until(path, isSo) {
      const deadline = Date.now() + 120_000;
      for (;;) {
        const { json } = await ask('GET', path);
        if (isSo(json)) return json;
        if (Date.now() > deadline) throw new Error(`still not so: ${JSON.stringify(json)}\n${launched.output()}`);
        await sleep(200);
      }
    },
    async searchLive(search) {
      await searchDatabase(search, databaseUrl(home));
      const connection = await Connection.connect({ address: `127.0.0.1:${kept(home, 'temporal-ports.json').port}` });
      try {
        return await searchWorkflows(search, new Client({ connection }));
      } finally {
        await connection.close();
      }
    },
    async searchDisk(search) {
      for (const folder of [home.dataDir, systemFolderFor(home.dataDir)]) {
        if (existsSync(folder)) await searchFolder(search, folder);
      }
    },
  };
}

const kept = (home: Home, file: string): { port: number } =>
  JSON.parse(readFileSync(join(home.dataDir, file), 'utf8')) as { port: number };

function databaseUrl(home: Home): string {
  const password = readFileSync(join(home.dataDir, 'postgres-password'), 'utf8').trim();
  return `postgres://postgres:${password}@127.0.0.1:${kept(home, 'postgres-port.json').port}/tracker_hub`;
}
