// The plain types that answers are made of.
import { z } from '@hono/zod-openapi';
import type { Json } from '../core/resources.ts';

/** ISO 8601, UTC, to the millisecond. */
export const time = z.iso.datetime().openapi({ example: '2026-11-01T12:00:00.000Z' });
export const maybeTime = time.nullable();
export const decimal = z
  .string()
  .openapi({ pattern: '^-?\\d+(\\.\\d+)?$', example: '12.5', description: 'An exact decimal.' });
export const id = z.string().openapi({ format: 'uuid' });

/** Anything that is JSON, as bodies are by themselves. Zod's own `json()` is recursive, which the document cannot hold. */
export const json = z
  .custom<Json>()
  .openapi({ type: ['object', 'array', 'string', 'number', 'boolean', 'null'], description: 'Any JSON.' });

export const iso = (at: Date): string => at.toISOString();
export const maybeIso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Times beyond are written with a sign and six digits of a year, and nobody else reads those. */
const EARLIEST = new Date('1900-01-01T00:00:00Z');
const LATEST = new Date('9999-12-31T23:59:59.999Z');

/** A moment in a query; half-open ranges `[from, to)` are made of two. */
export const timeQuery = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time with its offset, e.g. 2026-11-01T00:00:00Z' })
  .transform((text) => new Date(text))
  .refine((at) => at >= EARLIEST && at <= LATEST, 'must be a time from 1900 to 9999, by UTC');
