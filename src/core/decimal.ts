// Exact decimals as text: sums, differences and rounding of money without ever becoming a float.
import type { Decimal } from './resources.ts';

/** `units` × 10^-`scale`. */
interface Scaled {
  units: bigint;
  scale: number;
}

const PARTS = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

function scaled(text: Decimal): Scaled {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PARTS.exec(text) ?? [];
  if (whole === '' && fraction === '') throw new RangeError('not a decimal');
  const digits = BigInt(`${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  const units = sign === '-' ? -digits : digits;
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Without needless zeros: `12.50` is `12.5`, `-0.0` is `0`. */
function written({ units, scale }: Scaled): Decimal {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const onScale = ({ units, scale }: Scaled, wanted: number): bigint => units * 10n ** BigInt(wanted - scale);

export const plainDecimal = (text: Decimal): Decimal => written(scaled(text));

export function add(a: Decimal, b: Decimal): Decimal {
  const [left, right] = [scaled(a), scaled(b)];
  const scale = Math.max(left.scale, right.scale);
  return written({ units: onScale(left, scale) + onScale(right, scale), scale });
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const { units, scale } = scaled(b);
  return add(a, written({ units: -units, scale }));
}

/** Below, at or above zero. */
export function signOf(text: Decimal): -1 | 0 | 1 {
  const { units } = scaled(text);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

/** Half away from zero. */
export function roundTo(text: Decimal, decimals: number): Decimal {
  const { units, scale } = scaled(text);
  if (scale <= decimals) return written({ units, scale });
  const unit = 10n ** BigInt(scale - decimals);
  const half = units < 0n ? -unit / 2n : unit / 2n;
  return written({ units: (units + half) / unit, scale: decimals });
}

export const decimalsOf = (text: Decimal): number => plainDecimal(text).split('.')[1]?.length ?? 0;

/** Whether two amounts are no further apart than a third. */
export function isWithin(a: Decimal, b: Decimal, tolerance: Decimal): boolean {
  const apart = subtract(a, b);
  const size = apart.startsWith('-') ? apart.slice(1) : apart;
  return signOf(subtract(size, tolerance)) <= 0;
}
