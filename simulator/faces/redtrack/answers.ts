// The answers of the API: JSON, and `{"error":"text"}`.
import { asciiJson } from '../../json-text.ts';
import type { AnswerNotes, FaceAnswer } from '../face.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  toAnswer(notes: AnswerNotes): FaceAnswer {
    return { ...jsonAnswer({ error: this.message }, notes), status: this.status, headers: this.headers };
  }
}

export function jsonAnswer(value: unknown, notes: AnswerNotes): FaceAnswer {
  const body = Buffer.from(asciiJson(value), 'latin1');
  return { status: 200, contentType: 'application/json; charset=utf-8', body, notes };
}
