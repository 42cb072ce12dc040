// Ids in paths. A text that is no id at all is answered like an id that does not exist.
import { z } from '@hono/zod-openapi';
import { notFound } from './problems.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

/** @throws Problem `not_found` */
export function asId(text: string): string {
  if (!isUuid(text)) throw notFound();
  return text;
}

const idParam = (name: string) =>
  z.string().openapi({ param: { name, in: 'path' }, format: 'uuid', example: '01989f5e-7c00-7000-8000-000000000001' });

export const configParams = z.object({ configId: idParam('configId') });
export const idParams = z.object({ id: idParam('id') });
