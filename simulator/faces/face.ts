// What a face is: the API of one tracker product, answering from a hosted ledger.

import type { Ledger } from '../ledger/ledger.ts';
import type { ToldConversion, TruthQuery } from '../ledger/truth.ts';
import type { HostedOptions } from '../options.ts';

/** The part of a hosted ledger that a face sees. Options can change between requests. */
export interface FaceContext {
  ledger: Ledger;
  options: HostedOptions;
  apiKey: string;
}

export interface FaceRequest {
  method: string;
  /** Below the face's base, beginning with a slash. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** What the request log keeps of an answer, in the face's own words. */
export interface AnswerNotes {
  credential: 'right' | 'wrong' | 'missing';
  window?: { from: string; to: string; timezone: string };
  offset?: number;
  limit?: number;
  rows?: number;
}

export interface FaceAnswer {
  status: number;
  contentType: string;
  headers?: Record<string, string>;
  body: Buffer;
  notes: AnswerNotes;
}

/** What a program that reads trackers must be told to read a face. */
export interface Product {
  /** The tracker that it pretends to be, as programs call it. */
  type: string;
  /** As the tracker's own form asks for them, made of the ledger's key. */
  credentials(apiKey: string): Record<string, string>;
  /** By which its API is understood, where the tracker's usual ones do not do. */
  settings?: Record<string, unknown>;
  /** Its word for a status of the ledger; default: the ledger's own. */
  word?(status: string, options: HostedOptions): string;
  /** Its rows of the conversions of a range, where they are not one each: how it tells a change, say, by a row of its own. */
  conversions?(ledger: Ledger, query: TruthQuery): Iterable<ToldConversion>;
}

export interface Face {
  /** First part of its paths below the ledger's. */
  name: string;
  product: Product;
  answer(request: FaceRequest, context: FaceContext): FaceAnswer;
}
