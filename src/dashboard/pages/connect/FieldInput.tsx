// One field of the connect form, with its help above and its error in place.
import { JsonInput, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import type { Field } from './form.ts';

interface Props {
  field: Field;
  value: string;
  error: string | undefined;
  /** Shown while nothing is typed. */
  placeholder?: string | undefined;
  onChange(value: string): void;
}

export function FieldInput({ field, value, error, placeholder, onChange }: Props) {
  const { path, title, help, kind, isRequired, choices, usual } = field;
  const shared = {
    ...{ label: title, description: help, error, name: path, autoComplete: 'off' },
    ...{ required: isRequired, withAsterisk: false, spellCheck: false },
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
  };
  if (kind === 'choice') return <NativeSelect {...shared} data={choices} value={value === '' ? usual : value} />;
  const shown = { ...shared, value, placeholder: placeholder ?? usual };
  // "new-password" keeps browsers from filling in the password of the hub itself.
  if (kind === 'secret') return <PasswordInput {...shown} autoComplete="new-password" />;
  if (kind === 'json') return <JsonInput {...shown} onChange={onChange} autosize minRows={2} placeholder="{ }" />;
  return <TextInput {...shown} inputMode={kind === 'number' ? 'numeric' : undefined} />;
}
