// What every panel's host answers outside of its API, and what a traffic domain answers to everything.
import type { AnswerNotes, FaceAnswer } from './face.ts';

const page = '<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n';

export function htmlNotFound(notes: AnswerNotes): FaceAnswer {
  return { status: 404, contentType: 'text/html; charset=utf-8', body: Buffer.from(page), notes };
}
