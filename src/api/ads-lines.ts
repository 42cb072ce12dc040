// Lines of an upload of ads: what each says of an ad campaign, an ad set, an ad and a day's spend, and which say it twice.
import { z } from '@hono/zod-openapi';
import { AD_LEVELS, type AdLevel } from '../core/ads.ts';
import { plainDecimal } from '../core/decimal.ts';
import { adKey, type GivenAd, type GivenSpend, type Told } from '../store/ads.ts';
import { type IsTimeZone, ZONE_EXPECTED } from './time-zone.ts';
import type { RejectedLine, UploadLine } from './upload.ts';

const LONGEST = 500;
/** So many digits a number of JSON keeps as they were written. */
const SAFE_DIGITS = 15;

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const text = z.string().min(1).max(LONGEST).refine(isStorable, 'holds characters that no text may have');

/** Ids have more digits than a number of JSON keeps. */
const externalId = z
  .union([text, z.int().nonnegative().transform(String)], { error: 'must be an id, as text' })
  .openapi({ type: 'string', example: '120210000000000001' });

export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, 'must be a currency of three letters, e.g. USD')
  .transform((code) => code.toUpperCase())
  .openapi({ example: 'USD' });

/** Years before and after are slips of a finger, and some cannot be stored. */
const isNear = (told: string): boolean => told >= '1970-01-01' && told <= '2200-12-31';
export const day = z.iso
  .date('must be a day, e.g. 2026-11-01')
  .refine(isNear, 'must be a day from 1970-01-01 to 2200-12-31')
  .openapi({ example: '2026-11-01' });

const DECIMAL = /^\d{1,12}(\.\d{1,12})?$/;
/** @returns the number as it was written, or the text; null where that cannot be known */
const exactText = (given: string | number): string | null => {
  const told = String(given);
  const isExact = typeof given === 'string' || told.replace(/\D/g, '').length <= SAFE_DIGITS;
  return isExact && DECIMAL.test(told) ? plainDecimal(told) : null;
};
export const positiveDecimal = z
  .union([z.string(), z.number()])
  .transform((given, ctx) => {
    const exact = exactText(given);
    if (exact === null) ctx.addIssue({ code: 'custom', message: 'must be an exact decimal of 0 or more, as text' });
    return exact ?? '0';
  })
  .openapi({ type: 'string', example: '12.5' });

const zone = z.string().max(100).openapi({ description: 'IANA name, e.g. Europe/Berlin.' });

/** What a line that says nothing of them is taken to say. */
export const adDefaults = z.strictObject({
  platform: text.optional().openapi({ description: 'Of lines that name none.', example: 'facebook' }),
  currency: currency.optional().openapi({ description: 'Of spend that names none.' }),
  zone: zone.optional().openapi({ description: 'In which days of spend begin, where the line names none; UTC else.' }),
});

const NAMES: Record<
  AdLevel,
  readonly [id: 'adCampaignId' | 'adSetId' | 'adId', name: 'adCampaignName' | 'adSetName' | 'adName']
> = {
  ad_campaign: ['adCampaignId', 'adCampaignName'],
  ad_set: ['adSetId', 'adSetName'],
  ad: ['adId', 'adName'],
};

const columns = {
  platform: text.optional(),
  adCampaignId: externalId.nullish().openapi({ description: 'Null: what the line names is in none.' }),
  adCampaignName: text.nullish().openapi({ description: 'As every name: null takes it away.' }),
  adSetId: externalId.nullish().openapi({ description: 'Null: the ad is in none.' }),
  adSetName: text.nullish(),
  ...{ adId: externalId.optional(), adName: text.nullish() },
  day: day.optional(),
  spend: positiveDecimal
    .nullish()
    .openapi({ description: 'Of that day, by the finest of the three ids. Null, in CSV nothing, takes it back.' }),
  currency: currency.optional(),
  zone: zone.optional(),
};

/** @returns the schema of a line: it says all that the defaults do not */
export function adLine(defaults: z.output<typeof adDefaults>, isTimeZone: IsTimeZone) {
  const told = { ...columns, zone: zone.refine(isTimeZone, ZONE_EXPECTED).optional() };
  return z.strictObject(told).transform((given, ctx) => {
    const line = { ...defaults, ...given };
    const refuse = (path: string, message: string): void => ctx.addIssue({ code: 'custom', path: [path], message });
    if (line.platform === undefined) refuse('platform', 'is missing');
    const level = AD_LEVELS.findLast((one) => line[NAMES[one][0]] != null);
    if (level === undefined) refuse('adCampaignId', 'is missing, and so are adSetId and adId');
    for (const one of AD_LEVELS) {
      const [id, name] = NAMES[one];
      if (line[name] !== undefined && line[id] == null) refuse(id, `is missing beside ${name}`);
    }
    if (line.spend != null && line.day === undefined) refuse('day', 'is missing beside spend');
    if (line.day !== undefined && line.spend === undefined) refuse('spend', 'is missing beside day');
    if (line.spend != null && line.currency === undefined) refuse('currency', 'is missing beside spend');
    return { ...line, level: level ?? 'ad' };
  });
}

/** For the description: the columns of a line. */
export const adLineShape = z.object(columns).openapi('AdLine');

type Line = UploadLine<z.output<ReturnType<typeof adLine>>>;

export interface GatheredAds {
  ads: Map<string, GivenAd>;
  /** Those with null are to be taken back. */
  spend: GivenSpend[];
  accepted: number;
  rejected: RejectedLine[];
}

/** Puts lines together; `known` are platforms of ads that are here already. A line that contradicts one before is refused. */
export function gatherAds(lines: readonly Line[], known: ReadonlyMap<string, string>): GatheredAds {
  const gathered: GatheredAds = { ads: new Map(), spend: [], accepted: 0, rejected: [] };
  const days = new Map<string, GivenSpend>();
  const zones = new Map<string, string>();
  for (const { line, row } of lines) {
    const ads = adsOf(row);
    const spend = spendOf(row);
    const other = ads.find(
      (ad) => (known.get(adKey(ad)) ?? gathered.ads.get(adKey(ad))?.platform ?? ad.platform) !== ad.platform,
    );
    const dayKey = spend === null ? '' : `${adKey(spend)} ${spend.day}`;
    const before = days.get(dayKey);
    if (other !== undefined) {
      gathered.rejected.push({ line, message: `${other.externalId} is another platform's already` });
    } else if (spend !== null && spend.amount !== null && (zones.get(adKey(spend)) ?? spend.zone) !== spend.zone) {
      gathered.rejected.push({ line, message: `says another zone of ${spend.externalId} than a line before` });
    } else if (spend !== null && before !== undefined && JSON.stringify(before) !== JSON.stringify(spend)) {
      gathered.rejected.push({
        line,
        message: `says another spend of ${spend.externalId} on ${spend.day} than a line before`,
      });
    } else {
      for (const ad of ads) gathered.ads.set(adKey(ad), merged(gathered.ads.get(adKey(ad)), ad));
      if (spend !== null && before === undefined) {
        days.set(dayKey, spend);
        if (spend.amount !== null) zones.set(adKey(spend), spend.zone);
        gathered.spend.push(spend);
      }
      gathered.accepted++;
    }
  }
  return gathered;
}

export const adsOf = (row: Line['row']): GivenAd[] =>
  AD_LEVELS.flatMap((level) => {
    const [id, name] = NAMES[level];
    const own = row[id];
    if (own == null) return [];
    return {
      ...{ level, externalId: own, platform: row.platform!, name: row[name] },
      adCampaignExternalId: level === 'ad_campaign' ? undefined : row.adCampaignId,
      adSetExternalId: level === 'ad' ? row.adSetId : undefined,
    };
  });

function spendOf(row: Line['row']): GivenSpend | null {
  if (row.spend === undefined || row.day === undefined) return null;
  const { level, spend: amount, day: on } = row;
  const at = amount === null ? { zone: '', currency: '' } : { zone: row.zone ?? 'UTC', currency: row.currency! };
  return { level, externalId: row[NAMES[level][0]]!, amount, day: on, ...at };
}

const merged = (before: GivenAd | undefined, ad: GivenAd): GivenAd => ({
  ...ad,
  name: latest(before?.name, ad.name),
  adCampaignExternalId: latest(before?.adCampaignExternalId, ad.adCampaignExternalId),
  adSetExternalId: latest(before?.adSetExternalId, ad.adSetExternalId),
});

const latest = (before: Told, now: Told): Told => (now === undefined ? before : now);
