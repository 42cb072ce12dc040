// The four buttons of a word; the one that counts is pressed.
import { UnstyledButton } from '@mantine/core';
import { STATUS_WORDS, wordOf } from '../../app/statuses.ts';
import { type Meaning, STATUSES } from './draft.ts';
import css from './Mappings.module.css';

interface Props {
  word: string;
  meaning: Meaning | null;
  isChanged: boolean;
  onChoose(meaning: Meaning): void;
}

export function Choice({ word, meaning, isChanged, onChoose }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line
    <div className={css.choice} role="group" aria-label={`${wordOf(word)} counts as`} data-changed={isChanged}>
      {STATUSES.map((status) => (
        <UnstyledButton
          key={status}
          className={css.option}
          data-status={status}
          aria-pressed={meaning?.status === status}
          onClick={() => onChoose({ status, reversed: meaning?.reversed ?? false })}
        >
          {status === 'hold' ? 'Hold' : STATUS_WORDS[status]}
        </UnstyledButton>
      ))}
    </div>
  );
}
