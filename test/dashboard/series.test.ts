// The colours of series: apart for every eye, and seen on their ground. Colour vision after Machado, Oliveira and Fernandes (2009), full severity.
import { describe, expect, test } from 'vitest';
import { coloursOf } from '../../src/dashboard/app/colours.ts';
import { SERIES_DARK, SERIES_LIGHT } from '../../src/dashboard/look/series.ts';

type Triple = [number, number, number];
const EYES: Record<string, [Triple, Triple, Triple]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};
const LUMINANCE: Triple = [0.2126, 0.7152, 0.0722];

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const linear = (hex: string): Triple => {
  const of = (at: number): number => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return [of(1), of(3), of(5)];
};

/** CIELAB of a colour as an eye sees it. */
function lab(hex: string, eye: [Triple, Triple, Triple]): Triple {
  const rgb = linear(hex);
  const seen = eye.map((row) => Math.min(1, Math.max(0, dot(row, rgb)))) as Triple;
  const scaled = (row: Triple, white: number): number => {
    const part = dot(row, seen) / white;
    return part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116;
  };
  const x = scaled([0.4124564, 0.3575761, 0.1804375], 0.95047);
  const y = scaled([0.2126729, 0.7151522, 0.072175], 1);
  const z = scaled([0.0193339, 0.119192, 0.9503041], 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const contrast = (a: string, b: string): number => {
  const [light, dark] = [a, b].map((hex) => dot(LUMINANCE, linear(hex))).sort((one, other) => other - one);
  return (light! + 0.05) / (dark! + 0.05);
};

describe.each([
  ['light', SERIES_LIGHT, '#ffffff'],
  ['dark', SERIES_DARK, '#141519'],
])('in the %s', (_, series, ground) => {
  test.each(Object.entries(EYES))('any two are apart for %s eyes', (_name, eye) => {
    const labs = series.map((hex) => lab(hex, eye));
    const apart = labs.flatMap((one, i) =>
      labs.slice(0, i).map((other) => Math.hypot(...one.map((c, k) => c - other[k]!))),
    );
    expect(apart).toHaveLength(28);
    expect(Math.min(...apart)).toBeGreaterThan(15);
  });

  test('each stands out from its ground', () => {
    for (const hex of series) expect(contrast(hex, ground), hex).toBeGreaterThan(3);
  });
});

test('another order of the same things leaves each its colour, and no two have one', () => {
  const names = Array.from({ length: 8 }, (_, i) => `campaign ${i * 7}`);
  const given = coloursOf('campaign', names);
  expect(new Set(given.values()).size).toBe(8);
  for (let turn = 1; turn < names.length; turn += 1) {
    const turned = coloursOf('campaign', [...names.slice(turn), ...names.slice(0, turn).reverse()]);
    expect(Object.fromEntries(turned), `turned by ${turn}`).toEqual(Object.fromEntries(given));
  }
});
