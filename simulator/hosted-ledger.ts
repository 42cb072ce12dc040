// One ledger as the simulator hosts it: the truth, the key, the faults laid on it and the requests it has served.
import { bemobOptions } from './faces/bemob/options.ts';
import { binomOptions } from './faces/binom/options.ts';
import type { FaceRequest } from './faces/face.ts';
import { keitaroOptions } from './faces/keitaro/options.ts';
import { redtrackOptions } from './faces/redtrack/options.ts';
import { tgOptions } from './faces/tg/options.ts';
import { voluumOptions } from './faces/voluum/options.ts';
import { FaultRules } from './faults/fault-rules.ts';
import { drawHex, keyOf } from './ledger/hash.ts';
import { Ledger } from './ledger/ledger.ts';
import type { HostedOptions, HostedSettings } from './options.ts';
import { type OverlayCommand, type OverlayResult, overlay } from './overlays.ts';
import { RequestLog } from './request-log.ts';

interface WaitingOverlay {
  command: OverlayCommand;
  afterRequests: number;
}

export class HostedLedger {
  readonly name: string;
  readonly ledger: Ledger;
  readonly requests = new RequestLog();
  readonly faults = new FaultRules();
  /** The latest request by path and window, for a face that repeats itself. */
  readonly previousRequests = new Map<string, FaceRequest>();
  options: HostedOptions;
  apiKey: string;
  #waiting: WaitingOverlay[] = [];

  constructor(options: HostedOptions, processStartedAt: number) {
    this.name = options.name;
    this.options = options;
    this.ledger = new Ledger(options, processStartedAt);
    this.apiKey = options.apiKey ?? defaultKey(options);
  }

  /** Applies an overlay now, or once `afterRequests` more requests have been served. */
  overlay(command: OverlayCommand, afterRequests: number): OverlayResult | null {
    if (afterRequests === 0) return overlay(this.ledger, command);
    this.#waiting.push({ command, afterRequests });
    return null;
  }

  /** To be called after each request a face has served. */
  afterRequest(): void {
    const due = this.#waiting.filter((waiting) => --waiting.afterRequests === 0);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const { command } of due) overlay(this.ledger, command);
  }

  /** Throws a ZodError for settings that no panel has, and changes nothing then. */
  change(settings: HostedSettings): void {
    const options = { ...this.options };
    if (settings.keitaro) options.keitaro = keitaroOptions.parse({ ...options.keitaro, ...settings.keitaro });
    if (settings.redtrack) options.redtrack = redtrackOptions.parse({ ...options.redtrack, ...settings.redtrack });
    if (settings.voluum) options.voluum = voluumOptions.parse({ ...options.voluum, ...settings.voluum });
    if (settings.binom_v2) options.binom_v2 = binomOptions.parse({ ...options.binom_v2, ...settings.binom_v2 });
    if (settings.bemob) options.bemob = bemobOptions.parse({ ...options.bemob, ...settings.bemob });
    for (const face of ['tg_tracker', 'altercpa'] as const) {
      if (settings[face]) options[face] = tgOptions.parse({ ...options[face], ...settings[face] });
    }
    this.options = options;
    if (settings.apiKey !== undefined) this.apiKey = settings.apiKey;
  }
}

function defaultKey(options: HostedOptions): string {
  const nameSum = [...options.name].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 7);
  return drawHex(keyOf(options.seed, 9), nameSum, 0, 32);
}
