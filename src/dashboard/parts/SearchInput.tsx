// The search of a list: `/` leads to it from anywhere on the page, Escape empties it.
import { TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useRef } from 'react';

interface Props {
  label: string;
  placeholder: string;
  className?: string | undefined;
  value: string;
  onChange(value: string): void;
}

export function SearchInput({ label, placeholder, className, value, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  return (
    <TextInput
      ref={input}
      {...{ placeholder, className, value }}
      aria-label={label}
      aria-keyshortcuts="/"
      leftSection={<Search size={14} />}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      onKeyDown={({ key }) => key === 'Escape' && onChange('')}
    />
  );
}
