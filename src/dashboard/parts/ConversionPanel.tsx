// One conversion whole, at the side of any page: what it is, then its story from the ad to the latest status.
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { conversionQuery } from '../app/conversions.ts';
import { exact, money } from '../app/format.ts';
import { wordOf } from '../app/statuses.ts';
import { trackersQuery } from '../app/trackers.ts';
import css from './ConversionPanel.module.css';
import { StatusWord } from './StatusWord.tsx';
import { Story } from './Story.tsx';

/** @param id ours; without one the panel is closed */
export function ConversionPanel({ id, onClose }: { id: string | undefined; onClose(): void }) {
  const isPhone = useMediaQuery('(max-width: 639px)');
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={isPhone ? '100%' : 480}
      title="Conversion"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== undefined && (
        <>
          <Facts id={id} />
          <Story kind="conversion" id={id} />
        </>
      )}
    </Drawer>
  );
}

function Facts({ id }: { id: string }) {
  const { data: conversion } = useQuery(conversionQuery(id));
  const { data: trackers = [] } = useQuery(trackersQuery);
  if (conversion == null) return null;
  const { configId, status, reversed, rawStatus, revenue, currency, convertedAt } = conversion;
  const ids = [
    ['Conversion id', conversion.externalId],
    ['Click id', conversion.clickExternalId],
    ['Transaction', conversion.transactionId],
  ] as const;
  const subIds = Object.entries(conversion.subIds);
  return (
    <dl className={css.facts}>
      <dt>Counts as</dt>
      <dd>
        <StatusWord status={status} reversed={reversed} /> <span className={css.muted}>{wordOf(rawStatus)}</span>
      </dd>
      <dt>Revenue</dt>
      <dd className={css.money}>{currency === null ? (revenue ?? '–') : money(revenue, currency)}</dd>
      <dt>Time</dt>
      <dd>{exact(convertedAt)}</dd>
      <dt>Tracker</dt>
      <dd>
        <Link to="/trackers/$configId" params={{ configId }}>
          {trackers.find((tracker) => tracker.id === configId)?.name ?? 'Its tracker'}
        </Link>
      </dd>
      {ids.map(
        ([title, value]) =>
          value !== null && (
            <div key={title}>
              <dt>{title}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
      )}
      {subIds.map(([number, value]) => (
        <div key={number}>
          <dt>sub_{number}</dt>
          <dd>
            <code>{value}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
