// Which sub-id carries what of the ad platform: guessed and marked so, until a person says.
import { Button, Select } from '@mantine/core';
import type { Mappings } from '../../app/mappings.ts';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import type { Draft } from './draft.ts';
import css from './Mappings.module.css';

type Places = NonNullable<Draft['subIds']>;
type Role = keyof Places;

const ROLES: readonly (readonly [Role, string, string])[] = [
  ['clickId', 'Click id', 'The ad platform’s own id of the click'],
  ['adCampaign', 'Ad campaign', 'Its id at the ad platform'],
  ['adSet', 'Ad set', 'Its id at the ad platform'],
  ['ad', 'Ad', 'Its id at the ad platform'],
  ['placement', 'Placement', 'Site, zone or position'],
];
const NONE: Places = { clickId: null, adCampaign: null, adSet: null, ad: null, placement: null };
const NAMES = Array.from({ length: 30 }, (_, i) => `sub_${i + 1}`);

interface Props {
  subIds: Mappings['subIds'];
  draft: Draft;
  mayChange: boolean;
  onDraft(draft: Draft): void;
}

export function SubIds({ subIds, draft, mayChange, onDraft }: Props) {
  const { isGuess, because, ...places } = subIds;
  const shown = draft.subIds ?? places;
  const isGuessShown = isGuess && draft.subIds === null;
  const isEmpty = Object.values(shown).every((place) => place === null);
  const set = (wanted: Places) => {
    const isAsBefore = !isGuess && ROLES.every(([role]) => wanted[role] === places[role]);
    onDraft({ ...draft, subIds: isAsBefore ? null : wanted });
  };
  /** A sub-id carries one thing: what had it before gives it up. */
  const carry = (role: Role, place: string | null): Places =>
    Object.fromEntries(
      ROLES.map(([one]) => [one, one === role ? place : shown[one] === place ? null : shown[one]]),
    ) as Places;
  const columns: Column<(typeof ROLES)[number]>[] = [
    {
      ...{ key: 'role', title: 'What is carried' },
      cell: ([role, title, words]) => (
        <div className={css.wordCell}>
          <div className={css.word}>{title}</div>
          <div className={css.note}>{isGuessShown && because[role] !== undefined ? because[role] : words}</div>
        </div>
      ),
    },
    {
      ...{ key: 'mark', title: 'Known by', width: 130, from: 640 },
      cell: ([role]) => {
        if (shown[role] === null) return <span className={css.muted}>–</span>;
        if (isGuessShown) return <span className={css.guess}>Guess</span>;
        return draft.subIds === null ? 'Confirmed' : <span className={css.muted}>Not saved yet</span>;
      },
    },
    {
      ...{ key: 'place', title: 'Sub-id', width: 132 },
      cell: ([role, title]) =>
        mayChange ? (
          <Select
            size="xs"
            clearable
            searchable
            aria-label={`Sub-id of ${title.toLowerCase()}`}
            placeholder="None"
            data={NAMES}
            value={shown[role]}
            onChange={(place) => set(carry(role, place))}
          />
        ) : (
          (shown[role] ?? '–')
        ),
    },
  ];
  return (
    <Section
      title="Sub-ids"
      aside={
        mayChange && (
          <span className={css.deeds}>
            {isGuessShown && !isEmpty && (
              <Button size="xs" onClick={() => set({ ...places })}>
                Use the guess
              </Button>
            )}
            {!isGuessShown && !isEmpty && (
              <Button
                size="xs"
                variant="default"
                onClick={() => onDraft({ ...draft, subIds: isGuess ? null : { ...NONE } })}
              >
                Clear
              </Button>
            )}
          </span>
        )
      }
    >
      <p className={css.muted}>
        {isGuessShown
          ? 'This is a guess. No report goes by it until somebody uses it and saves.'
          : draft.subIds !== null
            ? 'Not saved yet. Once it is, reports find the ad, ad set and ad campaign of each click by these.'
            : 'Reports find the ad, ad set and ad campaign of each click by these.'}
      </p>
      <Table label="Sub-ids" columns={columns} rows={ROLES} rowHeight={52} idOf={([role]) => role} />
    </Section>
  );
}
