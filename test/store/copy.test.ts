// COPY's text: times to the millisecond, JSON as PostgreSQL takes it, and what no text can hold refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnreadableRowError } from '../../src/core/errors.ts';
import { jsonField, optionalJsonField, textField, timeField } from '../../src/store/copy.ts';

describe('times', () => {
  test('are written as ISO 8601 has them, whatever was written before', () => {
    const within = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2200-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(within, (time) => {
        expect(timeField(time)).toBe(time.toISOString());
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['1989-12-31T23:59:59.999Z', '2201-01-01T00:00:00.000Z', 'never'])('%s is refused', (text) => {
    expect(() => timeField(new Date(text))).toThrow(UnreadableRowError);
  });
});

describe('JSON', () => {
  test('is the text that JSON has, with its backslashes doubled', () => {
    const objects = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(objects, (object) => {
        fc.pre(!JSON.stringify(object).includes('\\u0000'));
        expect(jsonField(object)).toBe(textField(JSON.stringify(object)));
      }),
    );
  });

  test('of nothing is none', () => expect(optionalJsonField({})).toBe('\\N'));

  test.each([{ text: 'a\0b' }, { 'a\0b': 1 }, { text: '\ud800' }, { list: [{ deep: '\udfff' }] }])(
    '%j is refused',
    (value) => expect(() => jsonField(value)).toThrow(UnreadableRowError),
  );
});
