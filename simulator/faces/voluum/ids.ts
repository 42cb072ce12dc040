// Ids as the product writes them: UUIDs, the nil one for none.

const kinds = ['campaign', 'offer', 'lander', 'flow', 'source', 'network'] as const;

export const NIL = '00000000-0000-0000-0000-000000000000';

/** Of an entity by its number in the ledger. */
export function uuidOf(kind: (typeof kinds)[number], number: number | null | undefined): string {
  if (number === null || number === undefined) return NIL;
  return `5fac0de${kinds.indexOf(kind)}-1111-4222-8333-${number.toString(16).padStart(12, '0')}`;
}

/** The number of an entity, or null for an id of another kind. */
export function numberOf(kind: (typeof kinds)[number], uuid: string): number | null {
  const number = Number.parseInt(uuid.slice(24), 16);
  return Number.isSafeInteger(number) && uuidOf(kind, number) === uuid ? number : null;
}
