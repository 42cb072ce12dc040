// One of the hub's programs as a process of its own, started again whenever it has gone, until the test is over.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockOrder, Fate, FateOf, Order, Reached } from './worker-program.ts';

const RESTART_AFTER_MS = 500;

/** A moment in a phase, at its n-th passing. */
export type Wanted = Omit<Order, 'order' | 'id'>;

export interface Program {
  name: string;
  /** As a power cut would; it is started again by itself. */
  kill(): void;
  /** In order, as an orchestrator would; it is started again by itself. */
  terminate(): void;
  /** It does nothing at all any more, neither beats nor renews, until it is thawed: a zombie. */
  freeze(): void;
  thaw(): void;
  /** Resolves when the life that is running now, or the next one, is ready. */
  ready(): Promise<void>;
  /** How often it has been started. */
  lives(): number;
  /** When its lives ended. */
  endings(): readonly number[];
  /** With other variables from its next start on, or as another build. */
  change(env: NodeJS.ProcessEnv, build?: readonly string[]): void;
  /** So far ahead is its clock now; behind where it is negative. */
  setClock(aheadMs: number): void;
  /** Has the worker stand still at a moment; resolves when it does, with what it is to do then. */
  stopAt(order: Wanted, signal: AbortSignal): Promise<(fate: Fate) => void>;
  output(): string;
  end(): Promise<void>;
}

export function startProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Program {
  let text = '';
  let isEnding = false;
  let lives = 0;
  let variables = env;
  let build = args;
  let child: ChildProcess;
  let ready: Promise<void>;
  const endings: number[] = [];
  const orders = new Set<Order>();
  const reached = new Set<(message: Reached) => void>();

  const launch = (): void => {
    text += `--- ${name} starts at ${new Date().toISOString()}\n`;
    const born = spawn(process.execPath, [...build], { env: variables, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child = born;
    lives++;
    for (const stream of [born.stdout, born.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk));
    ready = new Promise((resolve) => {
      born.on('message', (message: Reached | { isReady: true }) => {
        if ('isReady' in message) resolve();
        else for (const tell of reached) tell(message);
      });
      born.once('exit', (code, signal) => {
        endings.push(Date.now());
        text += `--- ${name} ended with ${signal ?? code} at ${new Date().toISOString()}\n`;
        if (isEnding) return resolve();
        setTimeout(() => {
          if (isEnding) return resolve();
          launch();
          resolve(ready);
        }, RESTART_AFTER_MS);
      });
    });
    // What was asked for and has not come about is asked of the next life too.
    for (const order of orders) send(born, order);
  };
  launch();

  return {
    name,
    kill: () => void child.kill('SIGKILL'),
    terminate: () => void child.kill('SIGTERM'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    ready: () => ready,
    lives: () => lives,
    endings: () => endings,
    change(more, other = build) {
      variables = { ...variables, ...more };
      build = other;
    },
    setClock: (aheadMs) => send(child, { order: 'clock', aheadMs }),
    async stopAt(wanted, signal) {
      const order: Order = { order: 'tell', id: randomUUID(), ...wanted };
      const { id, moment, phase } = order;
      orders.add(order);
      try {
        return await new Promise<(fate: Fate) => void>((resolve, reject) => {
          const tell = (message: Reached): void => {
            if (message.reached !== id) return;
            const standing = child;
            reached.delete(tell);
            resolve((fate) => send(standing, { ...fate, id }));
          };
          reached.add(tell);
          signal.addEventListener('abort', () => {
            reached.delete(tell);
            send(child, { order: 'forget', id });
            reject(new Error(`${name} never came to ${moment} in ${phase}`));
          });
          send(child, order);
        });
      } finally {
        orders.delete(order);
      }
    },
    output: () => text,
    async end() {
      isEnding = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = new AbortController();
      await Promise.race([gone, sleep(15_000, null, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
      child.kill('SIGKILL');
    },
  };
}

function send(child: ChildProcess, message: Order | FateOf | ClockOrder): void {
  // A process that has just died does not hear it; its successor is told again.
  if (child.connected) child.send(message, () => {});
}
