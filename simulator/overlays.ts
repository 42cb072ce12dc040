// Changes made by hand on top of a ledger's pure function; they show in logs, reports and truth alike.
import { z } from 'zod';
import { conversionOf, firstAdded, shownIdOf } from './ledger/conversions.ts';
import type { Ledger } from './ledger/ledger.ts';
import { microsOf } from './ledger/money.ts';

const instant = z.iso.datetime({ offset: true });
const amount = z.string().regex(/^-?\d+(\.\d{1,6})?$/);
const secondsPerDay = 86_400;

export const overlayCommand = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('addClicks'),
      at: instant,
      count: z.int().min(1).max(1_000_000).default(1),
      campaignId: z.int().optional(),
      cost: amount.optional(),
    })
    .describe('late rows at a time, also a past one'),
  z.strictObject({
    kind: z.literal('removeClicks'),
    subIds: z.array(z.string()).optional(),
    from: instant.optional().describe('or the first `count` clicks of a range'),
    to: instant.optional(),
    count: z.int().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('addConversions'),
    conversions: z.array(
      z.strictObject({
        subId: z.string().optional().describe('default: a click shortly before the postback'),
        at: instant.optional().describe('time of the postback; default: the ledger’s last second'),
        status: z.string(),
        revenue: amount,
        tid: z.string().optional(),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('setConversions'),
    ids: z.array(z.int()).describe('as the tracker shows them, and the truth'),
    status: z.string().optional(),
    revenue: amount.optional(),
    at: instant.optional().describe('default: the ledger’s last second'),
  }),
  z
    .strictObject({
      kind: z.literal('restateCost'),
      day: z.iso.date().describe('a UTC day'),
      factor: z.number().positive().max(1000),
      campaignId: z.int().optional(),
    })
    .describe('multiplies the cost of every click of a day'),
]);

export type OverlayCommand = z.output<typeof overlayCommand>;
/** As a caller writes it. */
export type OverlayInput = z.input<typeof overlayCommand>;

export interface OverlayResult {
  /** How many rows were added, removed or changed. */
  changed: number;
  subIds: string[];
  /** As the tracker shows them. */
  conversionIds: number[];
}

/** Applies one change. Throws a RangeError for a row or campaign that is not there. */
export function overlay(ledger: Ledger, command: OverlayCommand): OverlayResult {
  const result: OverlayResult = { changed: 0, subIds: [], conversionIds: [] };
  switch (command.kind) {
    case 'addClicks': {
      const campaign = command.campaignId === undefined ? null : campaignPosition(ledger, command.campaignId);
      const cost = command.cost === undefined ? null : microsOf(command.cost);
      ledger.planUntil(secondOf(command.at));
      const indexes = ledger.addClicks(secondOf(command.at), command.count, campaign, cost);
      result.subIds = indexes.map((index) => ledger.fields.subId(index));
      result.changed = indexes.length;
      return result;
    }
    case 'removeClicks': {
      const indexes = command.subIds
        ? command.subIds.map((subId) => clickIndex(ledger, subId))
        : rangeIndexes(ledger, command.from, command.to, command.count);
      result.changed = ledger.order.remove(indexes);
      result.subIds = indexes.map((index) => ledger.fields.subId(index));
      return result;
    }
    case 'addConversions': {
      const now = ledger.now();
      const rows = command.conversions.map((conversion, position) => {
        const second = conversion.at === undefined ? now - 1 : secondOf(conversion.at);
        const click =
          conversion.subId === undefined ? clickBefore(ledger, second, position) : clickIndex(ledger, conversion.subId);
        const tid = conversion.tid ?? `M-${second}-${position}`;
        const step = { second, status: conversion.status, revenueMicros: microsOf(conversion.revenue) };
        return { clickIndex: click, tid, step };
      });
      result.conversionIds = ledger.conversions.add(rows).map(shownIdOf);
      result.subIds = rows.map((row) => ledger.fields.subId(row.clickIndex));
      result.changed = rows.length;
      return result;
    }
    case 'setConversions': {
      const second = command.at === undefined ? ledger.now() - 1 : secondOf(command.at);
      for (const shownId of command.ids) {
        const id = conversionOf(shownId);
        const before = ledger.conversions.has(id) ? ledger.conversions.stateAt(id, second + 1) : null;
        if (!before) throw new RangeError(`No conversion ${shownId} at that time`);
        const revenueMicros = command.revenue === undefined ? before.revenueMicros : microsOf(command.revenue);
        ledger.conversions.change(id, { second, status: command.status ?? before.status, revenueMicros });
      }
      result.conversionIds = command.ids;
      result.changed = command.ids.length;
      return result;
    }
    case 'restateCost': {
      const fromSecond = Date.parse(`${command.day}T00:00:00Z`) / 1000;
      ledger.restateCost({
        fromSecond,
        toSecond: fromSecond + secondsPerDay,
        campaign: command.campaignId === undefined ? null : campaignPosition(ledger, command.campaignId),
        factorMillionths: Math.round(command.factor * 1_000_000),
      });
      return result;
    }
  }
}

function secondOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}

function campaignPosition(ledger: Ledger, campaignId: number): number {
  const position = ledger.catalog.campaigns.findIndex(({ id }) => id === campaignId);
  if (position < 0) throw new RangeError(`No campaign ${campaignId}`);
  return position;
}

function clickIndex(ledger: Ledger, subId: string): number {
  const index = ledger.fields.indexOf(subId);
  if (index === null || !ledger.order.has(index)) throw new RangeError(`No click ${subId}`);
  return index;
}

function rangeIndexes(ledger: Ledger, from?: string, to?: string, count?: number): number[] {
  if (from === undefined || to === undefined) throw new RangeError('Give subIds, or from and to');
  const first = secondOf(from);
  const end = Math.min(secondOf(to), ledger.now());
  return ledger.order.slice(first, end, 0, count ?? ledger.order.count(first, end));
}

/** One of the latest planned clicks before a second. */
function clickBefore(ledger: Ledger, second: number, position: number): number {
  ledger.planUntil(second);
  const count = ledger.timeline.countBefore(second);
  if (count === 0) throw new RangeError('No click before that time');
  const index = Math.max(0, count - 1 - position);
  return index < firstAdded ? index : 0;
}
