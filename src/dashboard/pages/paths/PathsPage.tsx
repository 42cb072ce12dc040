// Which way clicks went, from the ad to the conversion, and the story of a single one.
import { SegmentedControl, TextInput } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { listed } from '../../app/format.ts';
import { rangeOf } from '../../app/range.ts';
import { askOf, withFilter } from '../../app/report-search.ts';
import type { ReportQuery } from '../../app/reports.ts';
import { trackersQuery } from '../../app/trackers.ts';
import { AsOf } from '../../parts/AsOf.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { Filters } from '../../parts/filters/Filters.tsx';
import { NoAds } from '../../parts/NoAds.tsx';
import { NoConversions } from '../../parts/NoConversions.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useNow } from '../../parts/now.ts';
import { PageHead } from '../../parts/PageHead.tsx';
import { QuietLine } from '../../parts/QuietLine.tsx';
import { RangePicker } from '../../parts/RangePicker.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { WhoseTime } from '../../parts/WhoseTime.tsx';
import { ClickPanel } from './ClickPanel.tsx';
import { flowsOf, isOfMoney, type Node } from './flows.ts';
import css from './Paths.module.css';
import { PathTable } from './PathTable.tsx';
import { Sankey } from './Sankey.tsx';
import { METRICS, type PathMetric, type PathsSearch } from './search.ts';
import { METRIC_WORDS } from './words.ts';

const route = getRouteApi('/paths');

const pathsQuery = (query: ReportQuery) =>
  queryOptions({
    queryKey: ['paths', query],
    queryFn: () => answered(api.reports.paths.$get({ query })),
    refetchInterval: 60_000,
  });

export function PathsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(search, useNow(60_000));
  const { data, error, isPlaceholderData } = useQuery(pathsQuery(askOf(search, range)));
  const { metric = 'clicks' } = search;
  const currencies = busiestFirst(data?.nodes ?? []);
  const currency = currencies.find((name) => name === search.currency) ?? currencies[0] ?? 'USD';
  const change = (next: Partial<PathsSearch>) => navigate({ search: (now) => ({ ...now, ...next }) });
  const open = (node: Stop) => {
    const value = filterValueOf(node);
    if (value !== null) void change({ filter: withFilter(search.filter, dimensionOf(node.level), [value]) });
  };

  return (
    <>
      <PageHead title="Paths" beside={<AsOf of={data} />}>
        <FindClick key={search.click} known={search.click ?? ''} onFind={(click) => change({ click })} />
      </PageHead>
      <div className={css.asked}>
        <RangePicker value={search} onChange={change} />
        <WhoseTime by={search.by} onChange={(by) => change({ by })} />
        <SegmentedControl
          size="xs"
          aria-label="What is drawn"
          data={METRICS.map((value) => ({ value, label: METRIC_WORDS[value] }))}
          value={metric}
          onChange={(value) => change({ metric: value as PathMetric })}
        />
        {isOfMoney(metric) && currencies.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Currency"
            data={currencies}
            value={currency}
            onChange={(value) => change({ currency: value })}
          />
        )}
        <Filters
          {...{ search, range }}
          onChange={(name, values) =>
            navigate({ search: (now) => ({ ...now, filter: withFilter(now.filter, name, values) }) })
          }
        />
      </div>
      {error !== null && <Notice tone="bad" title={error.message} />}
      {data === undefined && error === null && <Waiting lines={10} height={44} />}
      {data?.nodes.length === 0 && (
        <EmptyState title="No click went any way in this range">
          <p>
            Here ads, campaigns, flows, landing pages and offers stand side by side, with bands for what went between.
          </p>
          <p>Choose another range, or remove a filter.</p>
        </EmptyState>
      )}
      {data !== undefined && data.nodes.length > 0 && (
        <div className={css.ways} data-old={isPlaceholderData}>
          {data.nodes.some(({ key }) => key === 'other') && (
            <QuietLine>
              The 1,000 busiest ways are drawn; rarer ones are gathered in Others, so a stop may have more clicks than
              it shows here.
            </QuietLine>
          )}
          <Sankey
            flows={flowsOf(data, metric, currency)}
            {...{ metric, currency }}
            mayOpen={(node) => filterValueOf(node) !== null}
            onOpen={open}
          />
          <div className={css.notes}>
            <WithoutClicks configIds={data.totalsOnly} />
          </div>
          <h2 className={css.heading}>Every way</h2>
          <PathTable nodes={data.nodes} links={data.links} metric={metric} />
          {!isPlaceholderData && (
            <div className={css.notices}>
              {isWithoutConversions(data.nodes) && <NoConversions {...{ search, range }} />}
              {data.nodes.every(({ level }) => level !== 'ad') && <NoAds {...{ search, range }} />}
            </div>
          )}
        </div>
      )}
      <ClickPanel q={search.click} zone={range.zone} onClose={() => change({ click: undefined })} />
    </>
  );
}

/** Of a status node rejected ones are told too; they are no conversions. */
const isWithoutConversions = (nodes: readonly Node[]): boolean =>
  nodes.every(({ level, conversions }) => level === 'conversion' || conversions === 0);

const dimensionOf = (level: string): string => (level === 'conversion' ? 'status' : level);

type Stop = Pick<Node, 'level' | 'key' | 'id' | 'externalId'>;

/** What a filter calls it: a status by its name, an ad by the platform's id, an entry of the catalog by ours. */
function filterValueOf({ level, key, id, externalId }: Stop): string | null {
  if (key === 'other') return null;
  if (level === 'conversion') return key;
  return level === 'ad' ? externalId : id;
}

function busiestFirst(nodes: readonly Node[]): string[] {
  const clicks = new Map<string, number>();
  for (const node of nodes) clicks.set(node.currency, (clicks.get(node.currency) ?? 0) + node.clicks);
  return [...clicks].toSorted(([, a], [, b]) => b - a).map(([currency]) => currency);
}

/** Their daily totals know no way. */
function WithoutClicks({ configIds }: { configIds: readonly string[] }) {
  const { data: trackers = [] } = useQuery(trackersQuery);
  const names = trackers.filter(({ id }) => configIds.includes(id)).map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <QuietLine>
      {listed(names)} {names.length === 1 ? 'gives' : 'give'} no complete click log: of{' '}
      {names.length === 1 ? 'its' : 'their'} clicks those alone are drawn that are known one by one.
    </QuietLine>
  );
}

function FindClick({ known, onFind }: { known: string; onFind(click: string): void }) {
  const [text, setText] = useState(known);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') onFind(text.trim());
  };
  return (
    <form onSubmit={submit} className={css.find}>
      <TextInput
        aria-label="The story of a click, by its id"
        placeholder="Click id, for its story"
        leftSection={<Search size={14} />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </form>
  );
}
