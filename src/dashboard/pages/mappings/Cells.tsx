// Parts of a word's line that both lists of words have.
import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { count, money } from '../../app/format.ts';
import { wordOf } from '../../app/statuses.ts';
import type { Word } from './draft.ts';
import css from './Mappings.module.css';

export function WordCell({ word, children }: { word: Word; children?: React.ReactNode }) {
  return (
    <div className={css.wordCell}>
      <div className={css.word} data-empty={word.rawStatus === ''} title={word.rawStatus}>
        {wordOf(word.rawStatus)}
      </div>
      <div className={css.small}>
        <div className={css.muted}>
          {count(word.conversions)} {word.conversions === 1 ? 'conversion' : 'conversions'}
          {word.money.length > 0 && ` · ${sumsOf(word)}`}
        </div>
        {children}
      </div>
    </div>
  );
}

const sumsOf = (word: Word): string => word.money.map(({ revenue, currency }) => money(revenue, currency)).join(' · ');

/** Leads to the conversions that have the word. */
export function CountCell({ word, configId }: { word: Word; configId: string }) {
  if (word.conversions === 0) return '–';
  return (
    <Link
      to="/conversions"
      search={{ configId, rawStatus: word.rawStatus, range: 'last30' }}
      className={css.countLink}
      title="See the conversions of the last 30 days"
    >
      {count(word.conversions)}
    </Link>
  );
}

export function MoneyCell({ word }: { word: Word }) {
  if (word.money.length === 0) return <>–</>;
  if (word.money.length === 1) return <>{sumsOf(word)}</>;
  return (
    <Tooltip label={sumsOf(word)}>
      <span>{sumsOf(word)}</span>
    </Tooltip>
  );
}
