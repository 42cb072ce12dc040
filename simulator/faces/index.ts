// The faces that every ledger has: one line each.
import { bemob } from './bemob/face.ts';
import { binomV2 } from './binom/face.ts';
import type { Face } from './face.ts';
import { keitaro } from './keitaro/face.ts';
import { redtrack } from './redtrack/face.ts';
import { altercpa } from './tg/altercpa.ts';
import { tgTracker } from './tg/plain.ts';
import { voluum } from './voluum/face.ts';

export const faces: readonly Face[] = [keitaro, voluum, redtrack, tgTracker, altercpa, binomV2, bemob];
