// Ids as the product writes them: 24 hexadecimal digits.

const kinds = ['campaign', 'offer', 'landing', 'stream', 'source', 'network', 'conversion'] as const;

/** Of an entity or a conversion by its number in the ledger; empty text for none. */
export function idText(kind: (typeof kinds)[number], number: number | null | undefined): string {
  if (number === null || number === undefined) return '';
  return `5fa${kinds.indexOf(kind)}c0de${number.toString(16).padStart(16, '0')}`;
}
