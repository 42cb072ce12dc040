// Money is an integer number of micros (10^-6 of the currency) inside the simulator; text at its edges.

/** Writes micros as the shortest exact decimal text, e.g. 1230000 → "1.23". */
export function decimalOf(micros: number): string {
  const sign = micros < 0 ? '-' : '';
  const absolute = Math.abs(micros);
  const whole = Math.floor(absolute / 1_000_000);
  const rest = absolute % 1_000_000;
  if (rest === 0) return `${sign}${whole}`;
  return `${sign}${whole}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}

/** Reads decimal text of up to six decimals as micros. Throws a RangeError for anything else or beyond 2^53. */
export function microsOf(decimal: string): number {
  const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(decimal);
  if (!match) throw new RangeError(`Not an amount with at most six decimals: ${JSON.stringify(decimal)}`);
  const micros = Number(match[2]) * 1_000_000 + Number((match[3] ?? '').padEnd(6, '0'));
  if (!Number.isSafeInteger(micros)) throw new RangeError(`Amount too large: ${decimal}`);
  return match[1] && micros !== 0 ? -micros : micros;
}

/** Multiplies micros by a factor given in millionths, rounded half up to the fifth decimal. Exact on integers below 2^53. */
export function scaleMicros(micros: number, factorMillionths: number): number {
  const product = micros * factorMillionths;
  if (!Number.isSafeInteger(product)) throw new RangeError(`Product out of range: ${micros} × ${factorMillionths}e-6`);
  return Math.floor((product + 5_000_000) / 10_000_000) * 10;
}
