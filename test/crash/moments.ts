// The moments at which a process may die, and how a worker's parts are wrapped so that it stands still there.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { KyselyPlugin, TransactionBuilder } from 'kysely';
import type { Dependencies } from '../../src/activities/dependencies.ts';
import type { Activities } from '../../src/activities/index.ts';
import type { Database, Db } from '../../src/store/db.ts';

export const MOMENTS = [
  'before-fetch',
  'after-fetch',
  'after-checkpoint',
  'after-rows',
  'before-commit',
  'after-commit',
  'before-report',
] as const;
/** `at-permit`: the database has allowed a call, and the worker does not know it yet. */
export type Moment = (typeof MOMENTS)[number] | 'at-permit';

/** What an activity is about: its name is the phase. */
export interface Passing {
  moment: Moment;
  phase: string;
  configId: string | null;
}

/** Called at each passing; the worker goes on when it resolves. */
export type Look = (passing: Passing) => Promise<void>;

/** Wraps the parts of one worker. */
export function watched(look: Look) {
  const current = new AsyncLocalStorage<Omit<Passing, 'moment'>>();
  const pass = async (moment: Moment): Promise<void> => {
    const store = current.getStore();
    if (store !== undefined) await look({ moment, ...store });
  };

  return {
    dependencies(deps: Dependencies): Dependencies {
      const { http, loaders } = deps;
      return {
        ...deps,
        db: watchedDb(deps.db, pass),
        http: {
          ...http,
          async call(call) {
            await pass('before-fetch');
            const answer = await http.call(call);
            await pass('after-fetch');
            return answer;
          },
        },
        loaders: {
          ...loaders,
          use: (work) => loaders.use(({ db, client }) => work({ db: watchedDb(db, pass), client })),
        },
      };
    },

    activities(activities: Activities): Activities {
      const entries = Object.entries(activities).map(([phase, run]) => [
        phase,
        (...args: [string]) =>
          current.run({ phase, configId: args[0] ?? null }, async () => {
            const answer = await (run as (...args: [string]) => Promise<unknown>)(...args);
            await pass('before-report');
            return answer;
          }),
      ]);
      return Object.fromEntries(entries) as Activities;
    },
  };
}

type Pass = (moment: Moment) => Promise<void>;

/** Statements and transactions of the very same database, looked at as they pass. */
function watchedDb(db: Db, pass: Pass): Db {
  const seen = db.withPlugin(momentsOf(pass));
  return new Proxy(seen, {
    get(target, name) {
      if (name === 'transaction') return () => watchedTransaction(target.transaction(), pass);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function watchedTransaction(
  builder: TransactionBuilder<Database>,
  pass: Pass,
): Pick<TransactionBuilder<Database>, 'execute'> {
  return {
    async execute(work) {
      const result = await builder.execute(async (tx) => {
        const done = await work(tx);
        await pass('before-commit');
        return done;
      });
      await pass('after-commit');
      return result;
    },
  };
}

/** The checkpoint is the update of a window; the rows of a page are in when their resource is noted, a deleted batch at once. */
function momentsOf(pass: Pass): KyselyPlugin {
  const moments = new WeakMap<object, Moment>();
  return {
    transformQuery({ node, queryId }) {
      const text = JSON.stringify(node);
      if (node.kind === 'UpdateQueryNode' && text.includes('"sync_window"') && text.includes('"covered_to"')) {
        moments.set(queryId, 'after-checkpoint');
      } else if (node.kind === 'SelectQueryNode' && text.includes('"resource_noted"')) {
        moments.set(queryId, 'after-rows');
      } else if (node.kind === 'RawNode' && text.includes('delete from ')) {
        moments.set(queryId, 'after-rows');
      } else if (node.kind === 'RawNode' && /update sync_lease l|from sync_lease l join/.test(text)) {
        moments.set(queryId, 'at-permit');
      }
      return node;
    },
    async transformResult({ result, queryId }) {
      const moment = moments.get(queryId);
      if (moment !== undefined) await pass(moment);
      return result;
    },
  };
}
