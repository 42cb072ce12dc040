// The answers of the API: JSON, and errors with a code and the id of the request.
import { randomBytes } from 'node:crypto';
import { asciiJson } from '../../json-text.ts';
import type { AnswerNotes, FaceAnswer } from '../face.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message = '') {
    super(message);
    this.status = status;
    this.code = code;
  }

  toAnswer(notes: AnswerNotes): FaceAnswer {
    const error = {
      code: this.code,
      description: '',
      messages: this.message === '' ? [] : [this.message],
      webRequestId: `req-${randomBytes(10).toString('hex')}`,
      time: new Date().toISOString().replace('Z', '+0000'),
    };
    return { ...jsonAnswer({ error, typeName: this.code, typeCode: [this.status, 0] }, notes), status: this.status };
  }
}

export const badRequest = (message: string): Refusal => new Refusal(400, 'BAD_REQUEST', message);

export function jsonAnswer(value: unknown, notes: AnswerNotes): FaceAnswer {
  const body = Buffer.from(asciiJson(value), 'latin1');
  return { status: 200, contentType: 'application/json', body, notes };
}
