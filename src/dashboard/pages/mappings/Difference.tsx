// What a change would do to the numbers: before, after, and by how much; only what moves.
import { signOf, subtract } from '../../../core/decimal.ts';
import { count, money } from '../../app/format.ts';
import type { Numbers } from '../../app/mappings.ts';
import css from './Mappings.module.css';

const STATUS_FIGURES = [
  ['conversions', 'Conversions'],
  ['approved', 'Approved'],
  ['pending', 'Pending'],
  ['rejected', 'Rejected'],
  ['hold', 'Hold'],
  ['reversed', 'Reversals'],
  ['revenue', 'Revenue'],
  ['approvedRevenue', 'Approved revenue'],
] as const;
const AD_FIGURES = [
  ['withAdCampaign', 'Clicks with an ad campaign'],
  ['withAdSet', 'Clicks with an ad set'],
  ['withAd', 'Clicks with an ad'],
  ['withKnownAd', 'Clicks with an uploaded ad'],
] as const;

/** Of these more is better. */
const GOOD = new Set(['Conversions', 'Approved', 'Revenue', 'Approved revenue']);

interface Moved {
  title: string;
  before: string;
  after: string;
  by: string;
  sign: -1 | 0 | 1;
}

function moved(title: string, before: string, after: string, told: (value: string) => string): Moved[] {
  const by = subtract(after, before);
  const sign = signOf(by);
  if (sign === 0) return [];
  return [{ title, before: told(before), after: told(after), by: `${sign > 0 ? '+' : ''}${told(by)}`, sign }];
}

const whole = (value: string): string => count(Number(value));

export function Difference({ before, after }: { before: Numbers; after: Numbers }) {
  const groups = after.statuses.map((then) => {
    const now = before.statuses.find(({ currency }) => currency === then.currency);
    const lines = STATUS_FIGURES.flatMap(([figure, title]) => {
      const isMoney = figure === 'revenue' || figure === 'approvedRevenue';
      const told = isMoney ? (value: string) => money(value, then.currency) : whole;
      return moved(title, String(now?.[figure] ?? '0'), String(then[figure]), told);
    });
    return { key: then.currency, lines };
  });
  const ads = AD_FIGURES.flatMap(([figure, title]) =>
    moved(title, String(before.ads[figure]), String(after.ads[figure]), whole),
  );
  const shown = [...groups, { key: '', lines: ads }].filter(({ lines }) => lines.length > 0);
  if (shown.length === 0) return <p className={css.muted}>No number moves: nothing that is stored has these words.</p>;
  const isMany = groups.filter(({ lines }) => lines.length > 0).length > 1;
  return (
    <div className={css.difference}>
      {shown.map(({ key, lines }) => (
        <div key={key} className={css.moves}>
          {isMany && key !== '' && <div className={css.currency}>{key}</div>}
          <dl>
            {lines.map(({ title, before: was, after: will, by, sign }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>
                  <span className={css.was}>{was}</span> → {will}{' '}
                  <span data-sign={sign} data-good={GOOD.has(title)}>
                    {by}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}
