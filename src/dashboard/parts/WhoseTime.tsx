// Whose time counts for a conversion: its click's, or its own.
import { SegmentedControl } from '@mantine/core';
import type { ReportSearch } from '../app/report-search.ts';

type By = ReportSearch['by'];

export function WhoseTime({ by, onChange }: { by: By; onChange(by: By): void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Whose time counts"
      data={[
        { value: 'click', label: 'Click time' },
        { value: 'conversion', label: 'Conversion time' },
      ]}
      value={by ?? 'click'}
      onChange={(value) => onChange(value === 'conversion' ? value : undefined)}
    />
  );
}
