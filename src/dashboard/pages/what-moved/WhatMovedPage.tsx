// Why is yesterday lower than it was this morning? Past days whose numbers moved, by how much, and which conversions did it.
import { Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { dayIn, shiftDay } from '../../app/range.ts';
import { trackersQuery } from '../../app/trackers.ts';
import { ConversionPanel } from '../../parts/ConversionPanel.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useNow } from '../../parts/now.ts';
import { PageHead } from '../../parts/PageHead.tsx';
import { QuietLine } from '../../parts/QuietLine.tsx';
import { TrackerSelect } from '../../parts/TrackerSelect.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { DayMoves } from './DayMoves.tsx';
import { Remapped } from './Remapped.tsx';
import { SinceSelect } from './SinceSelect.tsx';
import { askOf, changesQuery, type MovedSearch, movedDays } from './search.ts';
import css from './WhatMoved.module.css';

const route = getRouteApi('/what-moved');

export function WhatMovedPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isPhone = useMediaQuery('(max-width: 639px)') ?? false;
  const nowMs = useNow(60_000);
  const ask = askOf(search, nowMs);
  const { data: trackers = [] } = useQuery(trackersQuery);
  const { data: changes, error } = useQuery(changesQuery(ask));
  const days = changes === undefined ? [] : movedDays(changes);
  const trackerOf = (configId: string) => trackers.find(({ id }) => id === configId)?.name ?? '–';
  const change = (next: MovedSearch) => navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const open = (id: string | undefined, isNew: boolean) =>
    navigate({ search: (now) => ({ ...now, id }), replace: !isNew });
  const group = days
    .flatMap(({ items }) => items)
    .find(({ examples }) => examples.some(({ conversionId }) => conversionId === search.id));

  return (
    <>
      <PageHead title="What moved" />
      <div className={css.filters}>
        <SinceSelect
          {...{ since: search.since, sinceMs: Date.parse(ask.since), nowMs }}
          onChange={(since) => change({ since })}
        />
        <TrackerSelect value={search.configId} onChange={(configId) => change({ configId })} />
        <Select
          aria-label="Whose day"
          allowDeselect={false}
          data={[
            { value: 'click', label: 'On the click’s day' },
            { value: 'conversion', label: 'On the conversion’s day' },
          ]}
          value={search.by ?? 'click'}
          onChange={(by) => change({ by: by === 'conversion' ? by : undefined })}
        />
      </div>
      {changes === undefined ? (
        error === null ? (
          <Waiting lines={8} />
        ) : (
          <Notice tone="bad" title={error.message} />
        )
      ) : (
        <>
          <Remapped mappings={changes.mappings} trackerOf={trackerOf} />
          {search.configId !== undefined && changes.spend.length > 0 && (
            <QuietLine>
              Cost is the uploaded spend of the whole organisation: it belongs to no tracker, whichever is chosen.
            </QuietLine>
          )}
          {days.length === 0 ? (
            <EmptyState title="No past day has moved since">
              <p>
                Statuses that turn, money that is restated, conversions that come after their day is over, and uploaded
                spend that is changed are listed here, day by day.
              </p>
            </EmptyState>
          ) : (
            days.map((moved) => (
              <DayMoves
                key={moved.day}
                {...{ moved, isPhone, trackerOf }}
                yesterday={shiftDay(dayIn(ask.tz, nowMs), -1)}
                now={changes.daysNow}
                onOpen={({ examples }) => open(examples[0]?.conversionId, true)}
              />
            ))
          )}
        </>
      )}
      <ConversionPanel
        id={search.id}
        zone={ask.tz}
        among={group?.examples.map(({ conversionId }) => conversionId)}
        total={group?.moved}
        onGo={(id) => open(id, false)}
        onClose={() => open(undefined, true)}
      />
    </>
  );
}
