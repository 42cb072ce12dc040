// All money in one currency, or each in its own; offered where there is something to choose.
import { Select } from '@mantine/core';
import css from './Analytics.module.css';

interface Props {
  shown: readonly string[];
  chosen: string | undefined;
  onChange(currency: string | undefined): void;
}

const OWN = 'own';

export function MoneySelect({ shown, chosen, onChange }: Props) {
  const names = [...new Set([...(chosen === undefined ? [] : [chosen]), ...shown])];
  if (names.length < 2 && chosen === undefined) return null;
  return (
    <Select
      size="xs"
      aria-label="Currency"
      className={css.money}
      data={[{ value: OWN, label: 'Own currencies' }, ...names.map((value) => ({ value, label: `All in ${value}` }))]}
      value={chosen ?? OWN}
      allowDeselect={false}
      onChange={(value) => onChange(value === OWN || value === null ? undefined : value)}
    />
  );
}
