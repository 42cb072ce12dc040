// A word that the tracker is going to send: mapped before its first conversion.
import { Button, TextInput } from '@mantine/core';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { ConversionStatus } from '../../../core/statuses.ts';
import { STATUS_WORDS, wordOf } from '../../app/statuses.ts';
import { Choice } from './Choice.tsx';
import css from './Mappings.module.css';

interface Props {
  /** What each word that is there counts as, by the word in lower case; null for one that is not mapped. */
  known: ReadonlyMap<string, ConversionStatus | null>;
  onAdd(word: string, status: ConversionStatus): void;
}

const LONGEST_WORD = 500;

export function AddWord({ known, onAdd }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [status, setStatus] = useState<ConversionStatus | null>(null);
  const word = typed.trim();
  const counts = known.get(word.toLowerCase());
  const isNew = word !== '' && counts === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isNew || status === null) return;
    onAdd(word, status);
    setTyped('');
    setStatus(null);
  };
  if (!isOpen)
    return (
      <Button size="xs" variant="subtle" leftSection={<Plus size={14} aria-hidden />} onClick={() => setOpen(true)}>
        Add a word
      </Button>
    );
  return (
    <form className={css.addWord} aria-label="Add a word" onSubmit={submit}>
      <TextInput
        size="xs"
        aria-label="The tracker’s word"
        placeholder="The tracker’s word"
        autoFocus
        maxLength={LONGEST_WORD}
        value={typed}
        error={
          counts === undefined
            ? undefined
            : `“${wordOf(word)}” is there already${counts === null ? ', not mapped yet' : ` and counts as ${STATUS_WORDS[counts].toLowerCase()}`}.`
        }
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
      />
      <Choice
        word={word === '' ? 'The new word' : word}
        meaning={status === null ? null : { status, reversed: false }}
        isChanged={false}
        onChoose={(meaning) => setStatus(meaning.status)}
      />
      <Button size="xs" type="submit" variant="default" disabled={!isNew || status === null}>
        Add
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={() => setOpen(false)}>
        Close
      </Button>
    </form>
  );
}
