// The numbers by whatever divides them: table first, the chart above it, everything in the address.
import { Button, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { downloadCsv } from '../../app/download.ts';
import { rangeOf } from '../../app/range.ts';
import { askOf } from '../../app/report-search.ts';
import { type Report, reportQuery } from '../../app/reports.ts';
import { AsOf } from '../../parts/AsOf.tsx';
import { Filters } from '../../parts/filters/Filters.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useNow } from '../../parts/now.ts';
import { PageHead } from '../../parts/PageHead.tsx';
import { RangePicker } from '../../parts/RangePicker.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { WhoseTime } from '../../parts/WhoseTime.tsx';
import css from './Analytics.module.css';
import { ChartPanel } from './ChartPanel.tsx';
import { ColumnChooser } from './ColumnChooser.tsx';
import { isMetric } from './columns.ts';
import { deeper } from './drill.ts';
import { Groups } from './Groups.tsx';
import { NoConversions } from './NoConversions.tsx';
import { Rates } from './Rates.tsx';
import { ReportTable } from './ReportTable.tsx';
import { type AnalyticsSearch, columnsOf, groupsOf, sortOf } from './search.ts';
import { useSeries } from './useSeries.ts';
import { Views } from './Views.tsx';

const route = getRouteApi('/analytics');
const MOST_ROWS = '10000';

export function AnalyticsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const nowMs = useNow(60_000);
  const range = rangeOf(search, nowMs);
  const groups = groupsOf(search);
  const columns = columnsOf(search);
  const sort = sortOf(search);
  const query = {
    ...askOf(search, range),
    ...{ groupBy: groups.join(','), sort: `${sort.isDescending ? '-' : ''}${sort.by}`, top: MOST_ROWS },
    ...(search.currency === undefined ? {} : { currency: search.currency }),
  };
  const { data: report, error, isPlaceholderData } = useQuery(reportQuery(query));
  const currencies = (report?.totals ?? []).map(({ currency }) => currency);
  const currency = currencies.find((name) => name === search.draw) ?? busiestOf(report);
  const { chart: metric = 'clicks' } = search;
  const readMs = report?.asOf == null ? nowMs : Date.parse(report.asOf);
  const untilMs = report === undefined ? null : Math.min(nowMs, readMs);
  const lines = useSeries(search, range, { metric, currency, untilMs });
  const change = (next: Partial<AnalyticsSearch>) => navigate({ search: (now) => ({ ...now, ...next }) });
  const sortBy = (by: string) => {
    const isDescending = sort.by === by ? !sort.isDescending : isMetric(by);
    return change({ sort: `${isDescending ? '-' : ''}${by}` });
  };
  const download = useMutation({
    mutationFn: () => downloadCsv('reports', query, `${groups.join('-')} ${range.first} ${range.last}.csv`),
    onError: ({ message }) => notifications.show({ title: 'CSV', message, color: 'red' }),
  });
  // The last report stays in its own columns until the next is there.
  const shown = isPlaceholderData && report?.rows[0] !== undefined ? Object.keys(report.rows[0].keys) : groups;
  const colours = new Map(search.split ? (lines.series ?? []).map(({ id, colour }) => [id, colour]) : []);

  return (
    <>
      <PageHead title="Analytics" beside={<AsOf of={report} />}>
        <Views search={search} onOpen={(next) => navigate({ search: next })} />
      </PageHead>
      <div className={css.asked}>
        <div className={css.choices}>
          <RangePicker value={search} onChange={change} />
          <WhoseTime by={search.by} onChange={(by) => change({ by })} />
        </div>
        <Filters search={search} range={range} onChange={(filter) => change({ filter })} />
      </div>
      <ChartPanel
        {...{ search, range, metric, lines, currencies, currency }}
        onChange={(next) => navigate({ search: (now) => ({ ...now, ...next }), replace: true })}
      />
      <div className={css.bar}>
        <Groups groups={groups} onChange={(next) => change({ group: next.join(',') })} />
        <div className={css.barEnd}>
          <MoneySelect shown={currencies} chosen={search.currency} onChange={(next) => change({ currency: next })} />
          <ColumnChooser
            shown={columns}
            onChange={(next) => navigate({ search: (now) => ({ ...now, columns: next.join(',') }), replace: true })}
          />
          <Button
            size="xs"
            variant="default"
            leftSection={<Download size={14} />}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            CSV
          </Button>
        </div>
      </div>
      {error !== null && <Notice tone="bad" title={error.message} />}
      {report === undefined && error === null && <Waiting lines={10} />}
      {report?.rows.length === 0 && (
        <p className={css.none}>Nothing in this range. Choose another, or remove a filter.</p>
      )}
      {report !== undefined && report.rows.length > 0 && (
        <ReportTable
          key={shown.join(',')}
          {...{ report, columns, sort, colours }}
          groups={shown}
          totalsBefore={lines.totalsBefore}
          isOld={isPlaceholderData}
          onSort={sortBy}
          mayOpen={(name, key) => !isPlaceholderData && deeper(search, range, name, key) !== null}
          onOpen={(name, key) => {
            const next = deeper(search, range, name, key);
            if (next !== null) void navigate({ search: next });
          }}
        />
      )}
      {/* Beneath the table: what comes later moves nothing that is read already. */}
      <div className={css.notices}>
        {report?.rates != null && <Rates rates={report.rates} />}
        {report !== undefined && !isPlaceholderData && <NoConversions {...{ search, range, report }} />}
      </div>
    </>
  );
}

const busiestOf = (report: Report | undefined): string =>
  report?.totals.toSorted((a, b) => (b.clicks ?? 0) - (a.clicks ?? 0) || b.conversions - a.conversions)[0]?.currency ??
  'USD';

interface MoneyProps {
  shown: readonly string[];
  chosen: string | undefined;
  onChange(currency: string | undefined): void;
}

const OWN = 'own';

/** Offered where there is something to choose. */
function MoneySelect({ shown, chosen, onChange }: MoneyProps) {
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
