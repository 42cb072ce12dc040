// The faults that can be laid on requests, and what they match.
import { z } from 'zod';

const status = z.int().min(200).max(599);

export const faultKind = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('status'),
      status,
      headers: z.record(z.string(), z.string()).default({}),
      body: z.string().default('{"error":"Simulated"}'),
      contentType: z.string().default('application/json'),
    })
    .describe('any answer, e.g. 429 with a Retry-After, a burst of 502, 401 in the middle of a run'),
  z.strictObject({ kind: z.literal('redirect'), to: z.string(), status: status.default(302) }),
  z.strictObject({ kind: z.literal('html') }).describe('200 with a login page'),
  z.strictObject({ kind: z.literal('emptyBody') }).describe('200 with nothing'),
  z.strictObject({ kind: z.literal('halfJson') }).describe('200, the true answer cut in the middle'),
  z
    .strictObject({ kind: z.literal('invalidUtf8') })
    .describe('the true answer with bytes no text may have, in a name or a place'),
  z
    .strictObject({ kind: z.literal('gzipBomb'), megabytes: z.int().min(1).max(4096).default(100) })
    .describe('a small gzip body that unpacks to spaces of that size'),
  z
    .strictObject({ kind: z.literal('hugePage'), megabytes: z.int().min(1).max(1024).default(100) })
    .describe('a JSON answer with that much text in it'),
  z
    .strictObject({
      kind: z.literal('slowDrip'),
      bytes: z.int().min(1).default(64),
      everyMs: z.int().min(1).default(200),
    })
    .describe('the true answer, a few bytes at a time'),
  z.strictObject({ kind: z.literal('hangBeforeHeaders') }),
  z.strictObject({ kind: z.literal('hangInBody') }).describe('headers and half of the true answer, then silence'),
  z
    .strictObject({ kind: z.literal('reset'), afterBytes: z.int().min(0).default(0) })
    .describe('the connection is reset, before the headers or after so many bytes of the body'),
  z
    .strictObject({ kind: z.literal('duplicatedPage') })
    .describe('the previous page of the same list or window once more'),
  z.strictObject({ kind: z.literal('reorderedPage') }).describe('the rows of the true answer backwards'),
  z.strictObject({ kind: z.literal('emptyPage') }).describe('the true answer without its rows'),
  z
    .strictObject({ kind: z.literal('shortPage') })
    .describe('the true answer without its last row, as if it had been filtered out'),
  z
    .strictObject({ kind: z.literal('wrongTotal'), factor: z.number().min(0).max(1_000).default(0.5) })
    .describe('the true answer with its count of the whole list multiplied, where it tells one'),
  z
    .strictObject({ kind: z.literal('largeNumbers'), value: z.string().regex(/^\d+$/).default('9007199254740993') })
    .describe('the true answer with one more number in every object, by default the first that no double can hold'),
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(1) }).describe('the true answer, late'),
]);

export const faultRule = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      path: z.string().optional().describe('regular expression on the path below the ledger'),
      nth: z.int().min(1).default(1).describe('the first matching request that is hit, counted from 1'),
      times: z.int().min(1).nullable().default(1).describe('how many from there on; null for all'),
    })
    .prefault({}),
  fault: faultKind,
});

export type FaultKind = z.output<typeof faultKind>;
/** Kinds, rules as a caller writes them: what has a default may be left out. */
export type FaultKindInput = z.input<typeof faultKind>;
export type FaultRule = z.output<typeof faultRule>;
export type FaultRuleInput = z.input<typeof faultRule>;
