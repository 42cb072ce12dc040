// The tracker's own words out of an answer: where the common kinds of errors keep them.
import type { Json } from '../core/resources.ts';
import { isObject } from './reading.ts';

/** Null where the answer says nothing of an error. */
export function wordsOf(body: Json): string | null {
  if (!isObject(body)) return null;
  const { error, message, errors } = body;
  if (typeof error === 'string') return error;
  if (typeof message === 'string') return message;
  const told = Array.isArray(errors) ? errors[0] : errors;
  if (typeof told === 'string') return told;
  if (!isObject(told)) return null;
  const said = [told.detail, told.message, told.title].find((words) => typeof words === 'string' && words !== '');
  return typeof said === 'string' ? said : null;
}
