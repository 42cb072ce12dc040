// Words that mean nothing yet, each with what hangs on it and four buttons.
import { useMediaQuery } from '@mantine/hooks';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { CountCell, MoneyCell, WordCell } from './Cells.tsx';
import { Choice } from './Choice.tsx';
import { choose, type Draft, type Meaning, type Word } from './draft.ts';
import css from './Mappings.module.css';

interface Props {
  configId: string;
  words: readonly Word[];
  draft: Draft;
  mayChange: boolean;
  onDraft(draft: Draft): void;
}

export function Inbox({ configId, words, draft, mayChange, onDraft }: Props) {
  const isPhone = useMediaQuery('(max-width: 639px)');
  const set = (word: string) => (meaning: Meaning) => {
    const isAgain = draft.statuses[word]?.status === meaning.status;
    onDraft({ ...draft, statuses: choose(draft.statuses, word, meaning, isAgain) });
  };
  const choice = ({ rawStatus }: Word) =>
    mayChange ? (
      <Choice
        word={rawStatus}
        meaning={draft.statuses[rawStatus] ?? null}
        isChanged={rawStatus in draft.statuses}
        onChoose={set(rawStatus)}
      />
    ) : (
      <span className={css.muted}>Not mapped, counts as pending</span>
    );
  const columns: Column<Word>[] = [
    { key: 'word', title: 'Word', cell: (word) => <WordCell word={word}>{choice(word)}</WordCell> },
    {
      ...{ key: 'conversions', title: 'Conversions', width: 110, isNumber: true, from: 640 },
      cell: (word) => <CountCell word={word} configId={configId} />,
    },
    {
      ...{ key: 'revenue', title: 'Money', width: 160, isNumber: true, from: 640 },
      cell: (word) => <MoneyCell word={word} />,
    },
    {
      ...{ key: 'seen', title: 'Last seen', width: 110, isNumber: true, from: 900 },
      cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} />,
    },
    { key: 'choice', title: 'Counts as', width: 328, from: 640, cell: choice },
  ];
  if (words.length === 0) {
    return (
      <Section title="Words to map">
        <p className={css.done}>Every word that was seen has a meaning.</p>
      </Section>
    );
  }
  return (
    <Section title="Words to map" aside="Until they are mapped, they count as pending">
      <Table
        label="Words to map"
        columns={columns}
        rows={words}
        rowHeight={isPhone ? 92 : 48}
        idOf={({ rawStatus }) => rawStatus}
      />
    </Section>
  );
}
