// What sub-ids carry, guessed from every shape in which trackers tell the parameters of a traffic source, and from values.
import { describe, expect, test } from 'vitest';
import { adPlatforms } from '../../simulator/ledger/ad-platforms.ts';
import type { Json } from '../../src/core/resources.ts';
import { guessSubIds, type SubIdValues } from '../../src/core/sub-id-guess.ts';

const slots = (name: string) =>
  adPlatforms.find((platform) => platform.name === name)!.parameters.filter(({ slot }) => slot > 0);
const SHAPES: Record<string, (name: string) => Json> = {
  'an object of numbered sub-ids': (name) =>
    Object.fromEntries(
      slots(name).map(({ slot, name: parameter, macro }) => [
        `sub_id_${slot}`,
        { name: parameter, placeholder: macro, alias: '' },
      ]),
    ),
  'a list with numbers': (name) =>
    slots(name)
      .toReversed()
      .map(({ slot, name: parameter, macro }) => ({ index: slot, parameter, placeholder: macro })),
  'a list by place': (name) => slots(name).map(({ name: alias, macro }) => ({ alias, value: macro, role: '' })),
};
const numbers = (guess: ReturnType<typeof guessSubIds>) =>
  Object.fromEntries(Object.entries(guess).map(([role, { subId }]) => [role, subId]));

describe.each(Object.entries(SHAPES))('parameters as %s', (_, shape) => {
  test.each([
    ['Facebook Ads', { click_id: 1, ad_campaign: 2, ad_set: 3, ad: 4, placement: 5 }],
    ['TikTok Ads', { click_id: 1, ad_campaign: 2, ad_set: 3, ad: 4, placement: 5 }],
    ['Google Ads', { click_id: 1, ad_campaign: 2, ad_set: 3, ad: 4, placement: 5 }],
    ['PropellerAds', { click_id: 1, ad_campaign: 2, ad: 3, placement: 4 }],
    ['Taboola', { click_id: 1, ad_campaign: 2, ad: 3, placement: 4 }],
  ])('of %s', (name, expected) => {
    expect(numbers(guessSubIds([shape(name)], []))).toEqual(expected);
  });
});

test('most sources decide, and the reason names one', () => {
  const shape = SHAPES['an object of numbered sub-ids']!;
  const guess = guessSubIds([shape('Taboola'), shape('Google Ads'), shape('Facebook Ads')], []);
  expect(guess.ad).toEqual({ subId: 4, because: 'traffic sources have creative = {creative}' });
});

const values = (subId: number, rows: number, distinct: number, known: Partial<SubIdValues['known']> = {}) => ({
  ...{ subId, rows, distinct },
  known: { ad_campaign: 0, ad_set: 0, ad: 0, ...known },
});

test('uploaded ids among the values outdo what the templates say', () => {
  const guess = guessSubIds([SHAPES['a list by place']!('Facebook Ads')], [values(9, 100, 20, { ad: 40 })]);
  expect(guess.ad).toEqual({ subId: 9, because: '40 % of its values are ids that were uploaded' });
  expect(guess.ad_set?.subId).toBe(3);
  expect(guessSubIds([], [values(9, 100, 20, { ad: 19 })])).toEqual({});
});

test('without templates a click id is known by its variety', () => {
  expect(numbers(guessSubIds([], [values(2, 100, 5), values(3, 100, 99)]))).toEqual({ click_id: 3 });
  expect(guessSubIds([], [values(3, 10, 10)])).toEqual({});
});

test.each([null, [], {}, 'text', [null, 3], { token: 'x', sub_id_99: { placeholder: '{{ad.id}}' } }])(
  '%j tells nothing',
  (parameters) => {
    expect(guessSubIds([parameters as Json], [])).toEqual({});
  },
);
