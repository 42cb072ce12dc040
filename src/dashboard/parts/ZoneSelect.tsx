// The zone in which days begin, found by typing.
import { type ComboboxParsedItem, Select } from '@mantine/core';
import { ownZone } from '../app/range.ts';

const ALL = Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/'));

function groups(): { group: string; items: string[] }[] {
  const near = [...new Set([ownZone(), 'UTC'])];
  return [
    { group: 'Yours, and UTC', items: near },
    { group: 'All', items: ALL.filter((zone) => !near.includes(zone)) },
  ];
}

/** `Europe/Berlin` is found by `berl`, `New_York` by `new york`. */
export function ZoneSelect({ value, onChange }: { value: string; onChange(zone: string): void }) {
  const data = groups();
  const isKnown = data.some(({ items }) => items.includes(value));
  return (
    <Select
      label="Days begin in"
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such zone"
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={isKnown ? data : [{ group: 'Chosen', items: [value] }, ...data]}
      limit={200}
      filter={({ options, search }) => {
        const words = search.trim().toLowerCase().replaceAll(' ', '_');
        const fits = ({ value: zone }: { value: string }): boolean => zone.toLowerCase().includes(words);
        return options.flatMap((option): ComboboxParsedItem[] => {
          if (!('group' in option)) return fits(option) ? [option] : [];
          const items = option.items.filter(fits);
          return items.length === 0 ? [] : [{ ...option, items }];
        });
      }}
      value={value}
      onChange={(zone) => zone !== null && onChange(zone)}
    />
  );
}
