// One of the connected trackers, or any.
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trackersQuery } from '../app/trackers.ts';

interface Props {
  value: string | undefined;
  onChange(configId: string | undefined): void;
}

export function TrackerSelect({ value, onChange }: Props) {
  const { data: trackers = [] } = useQuery(trackersQuery);
  return (
    <Select
      aria-label="Tracker"
      placeholder="Any tracker"
      clearable
      searchable
      data={trackers.map(({ id, name }) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={(configId) => onChange(configId ?? undefined)}
    />
  );
}
