// The options of one hosted ledger: the truth's own, the key that opens it, and one block per face.
import { z } from 'zod';
import { keitaroOptions } from './faces/keitaro/options.ts';
import { ledgerOptions } from './ledger/options.ts';

export const hostedOptions = ledgerOptions.extend({
  apiKey: z.string().min(8).optional().describe('default: made from the seed and the name'),
  keitaro: keitaroOptions.prefault({}),
});

/** What can be changed while the ledger runs: the key (a rotation) and how the faces behave. */
export const hostedSettings = z.strictObject({
  apiKey: z.string().min(8).optional(),
  keitaro: keitaroOptions.partial().optional(),
});

/** Options as a caller writes them: everything may be left out. */
export type HostedOptionsInput = z.input<typeof hostedOptions>;
export type HostedSettingsInput = z.input<typeof hostedSettings>;
/** Options with every default filled in. */
export type HostedOptions = z.output<typeof hostedOptions>;
export type HostedSettings = z.output<typeof hostedSettings>;
