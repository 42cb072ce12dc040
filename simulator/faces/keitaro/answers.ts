// The answers a Keitaro panel gives: JSON, and its two shapes of errors.
import { asciiJson } from '../../json-text.ts';
import type { AnswerNotes, FaceAnswer } from '../face.ts';

const jsonType = 'application/json; charset=utf-8';

/** A refusal of the panel; the face turns it into an answer. `fields` makes it a 406 that names them. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: Record<string, string[]> | null;

  constructor(status: number, message: string, fields: Record<string, string[]> | null = null) {
    super(message);
    this.status = status;
    this.fields = fields;
  }

  toAnswer(notes: AnswerNotes): FaceAnswer {
    return jsonAnswer(asciiJson(this.fields ?? { error: this.message }), notes, this.status);
  }
}

/** A request whose field does not make sense. */
export function invalidField(field: string, message: string): Refusal {
  return new Refusal(406, message, { [field]: [message] });
}

/** An answer with JSON that is already pure ASCII. */
export function jsonAnswer(ascii: string | Buffer, notes: AnswerNotes, status = 200): FaceAnswer {
  return {
    status,
    contentType: jsonType,
    body: typeof ascii === 'string' ? Buffer.from(ascii, 'latin1') : ascii,
    notes,
  };
}
