// JSON keeps every digit of long numbers, touches nothing else, and takes linear time on whatever it is given.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExact } from '../../src/adapters/exact-json.ts';

const digits = (min: number, max: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map((list) => list.join(''));

/** A JSON number as a tracker may write it. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0, 40)).map(([first, rest]) => first + rest),
    ),
    fc.oneof(
      fc.constant(''),
      digits(1, 30).map((fraction) => `.${fraction}`),
    ),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits(1, 2)).map((parts) => parts.join('')),
      },
    ),
  )
  .map((parts) => parts.join(''));

/** Strings made of what could lead a scanner astray. */
const trickyString = fc
  .array(fc.constantFrom('"', '\\', '1234567890123456789', ':', ',', '{', '[', ' ', 'é', '\n', '\u2028', '-', '.'), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

/** What a number must become: its own text where it is long, the same number where it is short. */
const expected = (written: string): string | number =>
  written.replace(/^-/, '').length >= 16 ? written : Number(written);

test('a number of 16 and more characters keeps every digit, a shorter one stays a number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(trickyString, numberText, trickyString), { maxLength: 6 }),
      fc.boolean(),
      (rows, isSpaced) => {
        const gap = isSpaced ? ' \n' : '';
        const items = rows.map(
          ([before, number, after]) =>
            `{"a":${gap}${JSON.stringify(before)},"n"${gap}:${gap}${number}${gap},"b":[${number},${gap}${JSON.stringify(after)}]}`,
        );
        const wanted = rows.map(([before, number, after]) => ({
          a: before,
          n: expected(number),
          b: [expected(number), after],
        }));
        expect(parseExact(`[${items.join(`,${gap}`)}]`)).toEqual(wanted);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('JSON without long numbers is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value, (_, inner) =>
        typeof inner === 'number' && String(inner).length >= 16 ? Math.trunc(inner % 1e6) : inner,
      );
      expect(parseExact(text)).toEqual(JSON.parse(text));
    }),
  );
});

describe('at the edges', () => {
  test.each([
    ['alone', '12345678901234567890', '12345678901234567890'],
    ['fifteen digits', '{"n":999999999999999}', { n: 999_999_999_999_999 }],
    ['fifteen digits and a minus', '{"n":-999999999999999}', { n: -999_999_999_999_999 }],
    ['sixteen digits', '[9007199254740993]', ['9007199254740993']],
    ['a long fraction', '{"n":0.12345678901234567}', { n: '0.12345678901234567' }],
    ['beside a string that looks like one', '{"s":": 12345678901234567890"}', { s: ': 12345678901234567890' }],
    ['behind a string that ends in backslashes', '["\\\\",12345678901234567890]', ['\\', '12345678901234567890']],
  ])('%s', (_, text, wanted) => {
    expect(parseExact(text)).toEqual(wanted);
  });

  test.each(['', '{', '{"n":12345678901234567890', '{"n":12345678901234567890,"s":"cut', '<html>1234567890123456789'])(
    'what is not JSON is refused: %s',
    (text) => {
      expect(() => parseExact(text)).toThrow(SyntaxError);
    },
  );

  test('a string of 20 MB beside a long number is read', () => {
    const text = `{"n":12345678901234567890,"s":"${'x\\"'.repeat(7_000_000)}"}`;
    expect(parseExact(text)).toMatchObject({ n: '12345678901234567890' });
  });

  test('an answer that is cut off within quotes upon quotes ends in an error, not in hours', () => {
    const text = `{"n":12345678901234567890,"s":"${'\\"'.repeat(2_000_000)}`;
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });
});
