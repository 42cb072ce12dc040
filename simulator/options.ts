// The options of one hosted ledger: the truth's own, the key that opens it, and one block per face.
import { z } from 'zod';
import { type BemobOptionsInput, bemobOptions } from './faces/bemob/options.ts';
import { type BinomOptionsInput, binomOptions } from './faces/binom/options.ts';
import { type KeitaroOptionsInput, keitaroOptions } from './faces/keitaro/options.ts';
import { type RedtrackOptionsInput, redtrackOptions } from './faces/redtrack/options.ts';
import { type TgOptionsInput, tgOptions } from './faces/tg/options.ts';
import { type VoluumOptionsInput, voluumOptions } from './faces/voluum/options.ts';
import { ledgerOptions } from './ledger/options.ts';

export const hostedOptions = ledgerOptions.extend({
  apiKey: z.string().min(8).optional().describe('default: made from the seed and the name'),
  limits: z.boolean().default(true).describe('false: no face refuses a call for coming too soon after others'),
  keitaro: keitaroOptions.prefault({}),
  redtrack: redtrackOptions.prefault({}),
  voluum: voluumOptions.prefault({}),
  tg_tracker: tgOptions.prefault({}),
  altercpa: tgOptions.prefault({}),
  binom_v2: binomOptions.prefault({}),
  bemob: bemobOptions.prefault({}),
});

/** What can be changed while the ledger runs: the key (a rotation) and how a face behaves; what is not named stays. */
export const hostedSettings = z.strictObject({
  apiKey: z.string().min(8).optional(),
  keitaro: z.record(z.string(), z.unknown()).optional(),
  redtrack: z.record(z.string(), z.unknown()).optional(),
  voluum: z.record(z.string(), z.unknown()).optional(),
  tg_tracker: z.record(z.string(), z.unknown()).optional(),
  altercpa: z.record(z.string(), z.unknown()).optional(),
  binom_v2: z.record(z.string(), z.unknown()).optional(),
  bemob: z.record(z.string(), z.unknown()).optional(),
});

/** Options as a caller writes them: everything may be left out. */
export type HostedOptionsInput = z.input<typeof hostedOptions>;
export interface HostedSettingsInput {
  apiKey?: string;
  keitaro?: KeitaroOptionsInput;
  redtrack?: RedtrackOptionsInput;
  voluum?: VoluumOptionsInput;
  tg_tracker?: TgOptionsInput;
  altercpa?: TgOptionsInput;
  binom_v2?: BinomOptionsInput;
  bemob?: BemobOptionsInput;
}
/** Options with every default filled in. */
export type HostedOptions = z.output<typeof hostedOptions>;
export type HostedSettings = z.output<typeof hostedSettings>;
