// The numbers by whatever divides them: table first, the chart above it, everything in the address.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { downloadCsv } from '../../app/download.ts';
import { withFilter } from '../../app/report-search.ts';
import type { Report } from '../../app/reports.ts';
import { AsOf } from '../../parts/AsOf.tsx';
import { Filters } from '../../parts/filters/Filters.tsx';
import { NoAds } from '../../parts/NoAds.tsx';
import { NoConversions } from '../../parts/NoConversions.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { RangePicker } from '../../parts/RangePicker.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { WhoseTime } from '../../parts/WhoseTime.tsx';
import css from './Analytics.module.css';
import { ChartPanel } from './ChartPanel.tsx';
import { ColumnChooser } from './ColumnChooser.tsx';
import { isMetric } from './columns.ts';
import { deeper } from './drill.ts';
import { Footnotes } from './Footnotes.tsx';
import { Groups } from './Groups.tsx';
import { NothingDrawn, PartlyKnown } from './History.tsx';
import { MoneySelect } from './MoneySelect.tsx';
import { missingIn } from './missing.ts';
import { Rates } from './Rates.tsx';
import { ReportTable } from './ReportTable.tsx';
import { type AnalyticsSearch, columnsOf } from './search.ts';
import { type Untold, untoldOf } from './untold.ts';
import { useAnalytics } from './useAnalytics.ts';
import { useSeries } from './useSeries.ts';
import { Views } from './Views.tsx';
import { WhyUntold } from './WhyUntold.tsx';

const route = getRouteApi('/analytics');

export function AnalyticsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useAnalytics(search);
  const { range, groups, sort, query, report, error, isPlaceholderData, previous } = asked;
  const columns = columnsOf(search);
  const currencies = (report?.totals ?? []).map(({ currency }) => currency);
  const currency = currencies.find((name) => name === search.draw) ?? busiestOf(report);
  const { chart: metric = 'clicks' } = search;
  const lines = useSeries(search, range, { ...asked, metric, currency });
  const refusal = error ?? lines.error;
  const change = (next: Partial<AnalyticsSearch>) => navigate({ search: (now) => ({ ...now, ...next }) });
  const sortBy = (by: string) => {
    const isDescending = sort.by === by ? !sort.isDescending : isMetric(by);
    return change({ sort: `${isDescending ? '-' : ''}${by}`, moved: isMetric(by) ? search.moved : undefined });
  };
  const download = useMutation({
    mutationFn: () => downloadCsv('reports', query, `${groups.join('-')} ${range.first} ${range.last}.csv`),
    onError: ({ message }) => notifications.show({ title: 'CSV', message, color: 'red' }),
  });
  // The last report stays in its own columns until the next is there.
  const shown = isPlaceholderData && report?.rows[0] !== undefined ? Object.keys(report.rows[0].keys) : groups;
  const colours = new Map(search.split ? (lines.series ?? []).map(({ id, colour }) => [id, colour]) : []);
  const divided = Object.keys(search.filter ?? {});
  const untold = report === undefined ? null : untoldOf(report, [...shown, ...divided], columns);
  const missing = report === undefined || isPlaceholderData ? null : missingIn(report, groups);
  const leaveOut = (others: string[]) => change({ filter: withFilter(search.filter, 'config', others) });
  const why = (of: Untold, isBrief = false) => (
    <WhyUntold untold={of} configIds={search.filter?.config} isBrief={isBrief} onLeaveOut={leaveOut} />
  );

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
        <Filters
          {...{ search, range }}
          onChange={(name, values) =>
            navigate({ search: (now) => ({ ...now, filter: withFilter(now.filter, name, values) }) })
          }
        />
      </div>
      <ChartPanel
        {...{ search, range, metric, lines, currencies, currency }}
        nothing={
          lines.error !== null ? (
            'What is asked for could not be read.'
          ) : lines.untold === null ? (
            <NothingDrawn {...{ range, sinceMs: asked.sinceMs }} />
          ) : (
            why(lines.untold, true)
          )
        }
        onChange={(next) => navigate({ search: (now) => ({ ...now, ...next }), replace: true })}
      />
      <div className={css.bar}>
        <Groups groups={groups} onChange={(next) => change({ group: next.join(',') })} />
        <div className={css.barEnd}>
          <MoneySelect shown={currencies} chosen={search.currency} onChange={(next) => change({ currency: next })} />
          <ColumnChooser
            shown={columns}
            onChange={(next) =>
              navigate({ search: (now) => ({ ...now, columns: next(columnsOf(now)).join(',') }), replace: true })
            }
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
      {untold !== null && why(untold)}
      {report !== undefined && previous !== null && <PartlyKnown {...{ report, range, previous }} />}
      {refusal !== null && <Notice tone="bad" title={refusal.message} />}
      {report === undefined && error === null && <Waiting lines={10} />}
      {report?.rows.length === 0 && (
        <p className={css.none}>Nothing in this range. Choose another, or remove a filter.</p>
      )}
      {report !== undefined && report.rows.length > 0 && (
        <ReportTable
          key={shown.join(',')}
          {...{ report, columns, sort, colours }}
          rows={asked.rows}
          groups={shown}
          before={asked.before}
          totalsBefore={asked.totalsBefore}
          isCompared={asked.isKnown}
          isByMove={search.moved === true}
          isOld={isPlaceholderData}
          onSort={sortBy}
          onByMove={(moved) => change({ moved: moved || undefined })}
          mayOpen={(name, key) => !isPlaceholderData && deeper(search, range, name, key) !== null}
          onOpen={(name, key) => {
            const next = deeper(search, range, name, key);
            if (next !== null) void navigate({ search: next });
          }}
        />
      )}
      {/* Beneath the table: what comes later moves nothing that is read already. */}
      <div className={css.notices}>
        {report !== undefined && <Footnotes columns={columns} />}
        {report?.rates != null && <Rates rates={report.rates} />}
        {missing === 'conversions' && <NoConversions {...{ search, range }} />}
        {missing === 'ads' && <NoAds {...{ search, range }} />}
      </div>
    </>
  );
}

const busiestOf = (report: Report | undefined): string =>
  report?.totals.toSorted((a, b) => (b.clicks ?? 0) - (a.clicks ?? 0) || b.conversions - a.conversions)[0]?.currency ??
  'USD';
