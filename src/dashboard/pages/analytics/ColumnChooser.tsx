// Which columns are shown; the choice is remembered for the next report.
import { Button, Checkbox, Popover } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import css from './Analytics.module.css';
import { METRICS, type Metric, metricHint, metricTitle, rememberColumns, USUAL_COLUMNS } from './columns.ts';

interface Props {
  shown: readonly Metric[];
  /** What is shown may be behind the hand: the change is one of what was chosen last. */
  onChange(change: (chosen: readonly Metric[]) => Metric[]): void;
}

export function ColumnChooser({ shown, onChange }: Props) {
  const choose = (change: (chosen: readonly Metric[]) => readonly Metric[]) =>
    onChange((chosen) => {
      const next = change(chosen);
      const inOrder = METRICS.filter((metric) => next.includes(metric));
      if (inOrder.length === 0) return [...chosen];
      rememberColumns(inOrder);
      return inOrder;
    });
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus width={240}>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<Columns3 size={14} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <fieldset className={css.columns}>
          <legend className={css.unseen}>Columns</legend>
          {METRICS.map((metric) => (
            <Checkbox
              key={metric}
              size="xs"
              label={metricTitle(metric)}
              title={metricHint(metric)}
              className={css.column}
              checked={shown.includes(metric)}
              onChange={({ currentTarget: { checked } }) =>
                choose((now) => (checked ? [...now, metric] : now.filter((other) => other !== metric)))
              }
            />
          ))}
        </fieldset>
        <Button size="xs" variant="subtle" color="gray" fullWidth onClick={() => choose(() => USUAL_COLUMNS)}>
          The usual columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
