// The answers of the API: JSON, and errors as an object with a title, a detail and a status.
import { asciiJson } from '../../json-text.ts';
import type { AnswerNotes, FaceAnswer } from '../face.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, detail: string, title = 'Webmozart.Assert.InvalidArgumentException') {
    super(detail);
    this.status = status;
    this.title = title;
  }

  toAnswer(notes: AnswerNotes): FaceAnswer {
    const { status, title, message } = this;
    const answer = jsonAnswer({ errors: { title, detail: message, message, code: 0, status } }, notes);
    return { ...answer, status, contentType: 'application/vnd.api+json' };
  }
}

export const jsonAnswer = (value: unknown, notes: AnswerNotes): FaceAnswer => jsonTextAnswer(asciiJson(value), notes);

export function jsonTextAnswer(ascii: string, notes: AnswerNotes): FaceAnswer {
  return { status: 200, contentType: 'application/json', body: Buffer.from(ascii, 'latin1'), notes };
}
