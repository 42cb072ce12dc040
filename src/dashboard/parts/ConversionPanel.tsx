// One conversion whole, at the side of any page: what it is, then its story from the ad to the latest status.
import { ActionIcon, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { conversionQuery } from '../app/conversions.ts';
import { count, exact, money } from '../app/format.ts';
import { wordOf } from '../app/statuses.ts';
import { trackersQuery } from '../app/trackers.ts';
import css from './ConversionPanel.module.css';
import { StatusWord } from './StatusWord.tsx';
import { Story } from './Story.tsx';

interface Props {
  /** Ours; without one the panel is closed. */
  id: string | undefined;
  /** Of its times. */
  zone: string;
  /** Those that it is one of, to go through one by one. */
  among?: readonly string[] | undefined;
  /** How many there are, where not all of them are named. */
  total?: number | undefined;
  onGo?(id: string): void;
  onClose(): void;
}

export function ConversionPanel({ id, zone, among = [], total = among.length, onGo, onClose }: Props) {
  const isPhone = useMediaQuery('(max-width: 639px)');
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={isPhone ? '100%' : 480}
      title={
        among.length > 1 && onGo !== undefined && id !== undefined ? (
          <Steps id={id} among={among} total={total} onGo={onGo} />
        ) : (
          'Conversion'
        )
      }
    >
      {id !== undefined && (
        <>
          <Facts id={id} zone={zone} />
          <Story kind="conversion" id={id} zone={zone} />
        </>
      )}
    </Drawer>
  );
}

interface StepsProps {
  id: string;
  among: readonly string[];
  total: number;
  onGo(id: string): void;
}

function Steps({ id, among, total, onGo }: StepsProps) {
  const place = among.indexOf(id);
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const next = among[place + by];
    return (
      <ActionIcon
        variant="default"
        aria-label={label}
        disabled={next === undefined}
        onClick={() => next !== undefined && onGo(next)}
      >
        <Icon size={16} />
      </ActionIcon>
    );
  };
  return (
    <span className={css.steps}>
      <span>
        Conversion {place + 1} of {among.length}
        {total > among.length && <span className={css.muted}>, the latest of {count(total)}</span>}
      </span>
      {step(-1, 'The one before', ChevronLeft)}
      {step(1, 'The next one', ChevronRight)}
    </span>
  );
}

function Facts({ id, zone }: { id: string; zone: string }) {
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
      <dd>{exact(convertedAt, zone)}</dd>
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
