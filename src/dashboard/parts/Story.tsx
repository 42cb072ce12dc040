// One click's or conversion's story: a vertical line of moments from the ad to the latest status, with the times between.
import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { clock, exact, money, span } from '../app/format.ts';
import { wordOf } from '../app/statuses.ts';
import { type ClickStory, type Moment, storyQuery } from '../app/stories.ts';
import { Pending } from './Pending.tsx';
import { StatusWord } from './StatusWord.tsx';
import css from './Story.module.css';

/** `id` is ours. */
export function Story({ kind, id, zone }: { kind: 'click' | 'conversion'; id: string; zone: string }) {
  const { data: story, error } = useQuery(storyQuery(kind, id));
  if (story === undefined) {
    return <Pending error={error} lines={6} height={48} />;
  }
  let before: string | null = null;
  const isOpenEnded = kind === 'click' && story.moments.every((moment) => moment.kind !== 'conversion');
  return (
    <>
      <ol className={css.story} aria-label="What happened, in order">
        {story.moments.map((moment, place) => {
          const waited = before !== null && moment.at !== null ? Date.parse(moment.at) - Date.parse(before) : 0;
          before = moment.at ?? before;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: moments have no name but their place
            <li key={place} className={css.moment} data-kind={moment.kind} data-status={moment.status ?? undefined}>
              {waited >= 1_000 && <p className={css.between}>{span(waited)} later</p>}
              <Line {...{ moment, story, zone }} />
            </li>
          );
        })}
      </ol>
      {isOpenEnded && <p className={css.open}>No conversion of it is known.</p>}
    </>
  );
}

function Line({ moment, story, zone }: { moment: Moment; story: ClickStory; zone: string }) {
  const { at, amount, currency } = moment;
  return (
    <div className={css.line}>
      <div className={css.words}>
        <div className={css.what}>{whatOf(moment, story)}</div>
        <div className={css.more}>{moreOf(moment, story)}</div>
      </div>
      <div className={css.figures}>
        {amount !== null && currency !== null && <span>{money(amount, currency)}</span>}
        {at !== null && (
          <Tooltip label={exact(at, zone)}>
            <time dateTime={at}>{clock(at, zone)}</time>
          </Tooltip>
        )}
      </div>
    </div>
  );
}

const TITLES = { flow: 'Flow', landingPage: 'Landing page', offer: 'Offer' } as const;
const LEVELS = { ad_campaign: 'Ad campaign', ad_set: 'Ad set', ad: 'Ad' } as const;

function whatOf({ kind, status, reversed, conversionId }: Moment, { moments }: ClickStory): ReactNode {
  if (kind === 'ad') return 'Ad';
  if (kind === 'click') return 'Click';
  if (kind === 'status')
    return status === null ? 'Status' : <StatusWord status={status} reversed={reversed ?? false} />;
  if (kind !== 'conversion') return TITLES[kind];
  const all = moments.filter((other) => other.kind === 'conversion');
  const place = all.findIndex((other) => other.conversionId === conversionId) + 1;
  return all.length > 1 ? `Conversion ${place}` : 'Conversion';
}

function moreOf(moment: Moment, { ads, clickExternalId, isDerived }: ClickStory): ReactNode {
  const name = moment.entity === null ? null : (moment.entity.name ?? moment.entity.externalId);
  switch (moment.kind) {
    case 'ad':
      return ads.map(({ level, name: called, externalId, platform }) => (
        <div key={level}>
          {LEVELS[level]} {called ?? externalId}
          {level === 'ad_campaign' && platform !== null ? ` · ${platform}` : ''}
        </div>
      ));
    case 'click':
      return (
        <>
          {name !== null && <div>Campaign {name}</div>}
          {clickExternalId !== null && <code className={css.id}>{clickExternalId}</code>}
          {isDerived && <div>Known by its conversion alone: the tracker gives no such click.</div>}
        </>
      );
    case 'status':
      return moment.rawStatus === null ? null : <>The tracker says “{wordOf(moment.rawStatus)}”</>;
    default:
      return name;
  }
}
