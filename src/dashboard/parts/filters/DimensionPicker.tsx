// A button that asks for one of the dimensions, found by typing.
import { Button, Combobox, useCombobox } from '@mantine/core';
import { Plus } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { GROUPS, titleOf } from '../../app/dimensions.ts';

interface Props {
  label: string;
  /** Which are offered. */
  offers(name: string): boolean;
  onPick(name: string): void;
  /** Opens it from outside, for a key of the page. */
  openKey?: string;
  /** Another button than the usual one. */
  button?(toggle: () => void, isOpened: boolean): ReactElement;
}

export function DimensionPicker({ label, offers, onPick, openKey, button }: Props) {
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.focusTarget();
      combobox.resetSelectedOption();
      setSearch('');
    },
  });
  const words = search.trim().toLowerCase();
  const groups = GROUPS.map(({ group, items }) => ({
    group,
    names: Object.keys(items).filter((name) => offers(name) && titleOf(name).toLowerCase().includes(words)),
  })).filter(({ names }) => names.length > 0);
  const pick = (name: string) => {
    onPick(name);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={pick} width={240} position="bottom-start" shadow="md">
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        {button?.(() => combobox.toggleDropdown(), combobox.dropdownOpened) ?? (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<Plus size={14} aria-hidden />}
            aria-haspopup="listbox"
            aria-expanded={combobox.dropdownOpened}
            aria-keyshortcuts={openKey}
            data-key={openKey}
            onClick={() => combobox.toggleDropdown()}
          >
            {label}
          </Button>
        )}
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          role="combobox"
          aria-expanded
          value={search}
          onChange={({ currentTarget }) => {
            setSearch(currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder="Search"
          aria-label={`${label}: search`}
        />
        <Combobox.Options mah={300} style={{ overflowY: 'auto' }} aria-label={label}>
          {groups.map(({ group, names }) => (
            <Combobox.Group key={group} label={group}>
              {names.map((name) => (
                <Combobox.Option key={name} value={name}>
                  {titleOf(name)}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {groups.length === 0 && <Combobox.Empty>Nothing by that name</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
