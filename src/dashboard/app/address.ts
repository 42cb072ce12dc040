// What an address says, as text.

/** A number is one that was typed by hand, or a name of digits alone. */
export function text(value: unknown): string | undefined {
  const said = typeof value === 'number' ? String(value) : value;
  return typeof said === 'string' && said !== '' ? said : undefined;
}
