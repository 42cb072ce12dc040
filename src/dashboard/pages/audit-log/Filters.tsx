// Which of them: when, which tracker, how it ended, and of people who and what.
import { Select, TextInput } from '@mantine/core';
import { useTyped } from '../../app/typed.ts';
import { RangePicker } from '../../parts/RangePicker.tsx';
import { TrackerSelect } from '../../parts/TrackerSelect.tsx';
import css from './AuditLog.module.css';
import type { AuditSearch, Source } from './search.ts';
import { ACTIONS } from './words.ts';

interface Props {
  search: AuditSearch;
  source: Source;
  onChange(next: AuditSearch): void;
}

const OUTCOMES = [
  { value: 'ok', label: 'Went well' },
  { value: 'failed', label: 'Failed' },
];
const STATUSES = [
  ...OUTCOMES,
  ...['401', '403', '404', '429', '500', '502', '503'].map((value) => ({ value, label: value })),
];

export function Filters({ search, source, onChange }: Props) {
  const [actor, typeActor] = useTyped(search.actor ?? '', (typed) => onChange({ actor: typed }));
  return (
    <div className={css.filters}>
      <RangePicker value={search} onChange={onChange} />
      <TrackerSelect value={search.configId} onChange={(configId) => onChange({ configId })} />
      <Select
        aria-label="Outcome"
        placeholder="Any outcome"
        clearable
        data={source === 'user' ? OUTCOMES : STATUSES}
        value={search.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
      />
      {source === 'user' && (
        <>
          <Select
            aria-label="What was done"
            placeholder="Anything"
            clearable
            searchable
            data={Object.entries(ACTIONS).map(([value, label]) => ({ value, label }))}
            value={search.action ?? null}
            onChange={(action) => onChange({ action: action ?? undefined })}
          />
          <TextInput
            aria-label="Who"
            placeholder="Who, in full"
            value={actor}
            onChange={({ currentTarget: { value } }) => typeActor(value)}
          />
        </>
      )}
    </div>
  );
}
