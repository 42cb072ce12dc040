// The ledgers of one process, by name.
import type { Face } from './faces/face.ts';
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

/** How a program connects to one of a ledger's faces. */
export interface FaceAccess {
  face: string;
  /** The tracker that it pretends to be. */
  type: string;
  url: string;
  credentials: Record<string, string>;
  settings: Record<string, unknown>;
}

export class HostedLedgers {
  readonly #ledgers = new Map<string, HostedLedger>();
  readonly #faces: ReadonlyMap<string, Face>;
  address = '';

  constructor(faces: readonly Face[]) {
    this.#faces = new Map(faces.map((face) => [face.name, face]));
  }

  face(name: string): Face | null {
    return this.#faces.get(name) ?? null;
  }

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

  facesOf({ name, apiKey }: HostedLedger): FaceAccess[] {
    return [...this.#faces.values()].map(({ name: face, product: { type, credentials, settings = {} } }) => ({
      ...{ face, type, url: `${this.address}/${name}/${face}`, credentials: credentials(apiKey), settings },
    }));
  }

  /** `name~anything` is the same ledger at another address: for many installations that cost one. */
  find(name: string): HostedLedger | null {
    return this.#ledgers.get(name.split('~', 1)[0]!) ?? null;
  }

  close(name: string): boolean {
    return this.#ledgers.delete(name);
  }

  all(): HostedLedger[] {
    return [...this.#ledgers.values()];
  }
}
