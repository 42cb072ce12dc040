// The envelope: a payload, or a message that tells why there is none.
import { asciiJson } from '../../json-text.ts';
import type { AnswerNotes, FaceAnswer } from '../face.ts';

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  toAnswer(notes: AnswerNotes): FaceAnswer {
    return { ...json({ success: false, message: this.message }, notes), status: this.status };
  }
}

export const success = (payload: unknown, notes: AnswerNotes): FaceAnswer => json({ success: true, payload }, notes);

function json(value: unknown, notes: AnswerNotes): FaceAnswer {
  const body = Buffer.from(asciiJson(value), 'latin1');
  return { status: 200, contentType: 'application/json; charset=utf-8', body, notes };
}
