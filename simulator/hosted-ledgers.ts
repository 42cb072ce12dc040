// The ledgers of one process, by name.
import { HostedLedger } from './hosted-ledger.ts';
import type { HostedOptions } from './options.ts';

const processStartedAt = Date.now();

/** What a caller needs to talk to a ledger. */
export interface LedgerAccess {
  name: string;
  /** The address of its Keitaro panel, as a person would type it. */
  url: string;
  apiKey: string;
}

export class HostedLedgers {
  readonly #ledgers = new Map<string, HostedLedger>();
  address = '';

  /** Opens a ledger. Throws a RangeError for a name in use. */
  open(options: HostedOptions): LedgerAccess {
    if (this.#ledgers.has(options.name) || options.name === 'control') {
      throw new RangeError(`A ledger named ${options.name} is open already`);
    }
    const hosted = new HostedLedger(options, processStartedAt);
    this.#ledgers.set(hosted.name, hosted);
    return this.accessTo(hosted);
  }

  accessTo({ name, apiKey }: HostedLedger): LedgerAccess {
    return { name, url: `${this.address}/${name}/keitaro`, apiKey };
  }

  find(name: string): HostedLedger | null {
    return this.#ledgers.get(name) ?? null;
  }

  close(name: string): boolean {
    return this.#ledgers.delete(name);
  }

  all(): HostedLedger[] {
    return [...this.#ledgers.values()];
  }
}
