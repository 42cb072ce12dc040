// All words that have a meaning: what they count as, whether they take money back, and who said so.
import { Checkbox, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { wordOf } from '../../app/statuses.ts';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusWord } from '../../parts/StatusWord.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { AddWord } from './AddWord.tsx';
import { CountCell, MoneyCell, WordCell } from './Cells.tsx';
import { Choice } from './Choice.tsx';
import { addedWords, choose, type Draft, isSame, type Meaning, type Word, without } from './draft.ts';
import css from './Mappings.module.css';

interface Props {
  configId: string;
  /** Those that wait to be mapped among them. */
  words: readonly Word[];
  draft: Draft;
  mayChange: boolean;
  onDraft(draft: Draft): void;
}

export function Statuses({ configId, words, draft, mayChange, onDraft }: Props) {
  const isPhone = useMediaQuery('(max-width: 639px)');
  const added = addedWords(draft, words);
  const isAdded = (word: Word) => added.includes(word);
  const isChanged = ({ rawStatus }: Word) => rawStatus in draft.statuses;
  /** Null while the built-in meaning, which only the API knows, is to come back. */
  const shown = (word: Word): Meaning | null =>
    isChanged(word) ? (draft.statuses[word.rawStatus] ?? null) : word.meaning;
  const set = (word: Word) => (meaning: Meaning | null) => {
    const isAsBefore = meaning !== null && isSame(meaning, word.meaning);
    onDraft({ ...draft, statuses: choose(draft.statuses, word.rawStatus, meaning, isAsBefore) });
  };
  const choice = (word: Word) =>
    mayChange ? (
      <Choice word={word.rawStatus} meaning={shown(word)} isChanged={isChanged(word)} onChoose={set(word)} />
    ) : (
      word.meaning !== null && <StatusWord status={word.meaning.status} />
    );
  const reversal = (word: Word) => {
    const meaning = shown(word);
    if (!mayChange || meaning === null) return meaning?.reversed ? 'Yes' : '–';
    return (
      <Checkbox
        size="xs"
        aria-label={`${wordOf(word.rawStatus)} takes money back`}
        checked={meaning.reversed}
        onChange={({ currentTarget }) => set(word)({ ...meaning, reversed: currentTarget.checked })}
      />
    );
  };
  const origin = (word: Word) => {
    if (isAdded(word))
      return (
        <>
          New
          <UnstyledButton
            className={css.quietDeed}
            onClick={() => onDraft({ ...draft, statuses: without(draft.statuses, word.rawStatus) })}
          >
            Remove<span className={css.unseen}> {wordOf(word.rawStatus)}</span>
          </UnstyledButton>
        </>
      );
    if (isChanged(word) && draft.statuses[word.rawStatus] === null)
      return <span className={css.muted}>Built-in again</span>;
    if (word.isDefault) return <span className={css.muted}>Built-in</span>;
    return (
      <>
        Custom
        {mayChange && (
          <UnstyledButton className={css.quietDeed} onClick={() => set(word)(null)}>
            Reset<span className={css.unseen}> {wordOf(word.rawStatus)}</span>
          </UnstyledButton>
        )}
      </>
    );
  };
  const name = (word: Word) => (
    <WordCell word={word}>
      {choice(word)}
      <div className={css.under}>
        <span>Reversal {reversal(word)}</span>
        <span>{origin(word)}</span>
      </div>
    </WordCell>
  );
  const columns: Column<Word>[] = [
    { key: 'word', title: 'Word', cell: name },
    {
      ...{ key: 'conversions', title: 'Conversions', width: 110, isNumber: true, from: 640 },
      cell: (word) => <CountCell word={word} configId={configId} />,
    },
    {
      ...{ key: 'revenue', title: 'Money', width: 160, isNumber: true, from: 1200 },
      cell: (word) => <MoneyCell word={word} />,
    },
    {
      ...{ key: 'seen', title: 'Last seen', width: 110, isNumber: true, from: 1200 },
      cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} />,
    },
    { key: 'choice', title: 'Counts as', width: mayChange ? 328 : 190, from: 640, cell: choice },
    { key: 'reversal', title: 'Reversal', width: 78, from: 900, cell: reversal },
    { key: 'origin', title: 'Set by', width: 132, from: 900, cell: origin },
  ];
  const known = new Map(
    [...words, ...added].map((word) => [word.rawStatus.toLowerCase(), shown(word)?.status ?? null]),
  );
  return (
    <Section title="All words" aside="A reversal is a chargeback or a refund">
      <Table
        label="All words"
        columns={columns}
        rows={[...words.filter(({ meaning }) => meaning !== null), ...added]}
        rowHeight={isPhone ? 124 : 44}
        idOf={({ rawStatus }) => rawStatus}
      />
      {mayChange && (
        <AddWord
          known={known}
          onAdd={(word, status) =>
            onDraft({ ...draft, statuses: { ...draft.statuses, [word]: { status, reversed: false } } })
          }
        />
      )}
    </Section>
  );
}
