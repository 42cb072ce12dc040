// What a face is: the API of one tracker product, answering from a hosted ledger.

import type { Ledger } from '../ledger/ledger.ts';
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

export interface Face {
  /** First part of its paths below the ledger's. */
  name: string;
  answer(request: FaceRequest, context: FaceContext): FaceAnswer;
}
