// What click number i is: every field is drawn from the seed and the number, so that nothing is stored.
import type { AdVariant, Campaign, Catalog, Path } from './catalog.ts';
import { type Device, devices } from './devices.ts';
import { draw, drawBelow, drawHex, drawUuid, keyOf } from './hash.ts';
import { type Place, places } from './places.ts';

const idDigits = 7;
const suffixDigits = 5;
/** Campaigns are looked up in a table of this many draws. */
const tableSize = 4096;

/** Fields of clicks by number. Numbers from 2^31 up are clicks added later; they are drawn in the same way. */
export class ClickFields {
  readonly #key: number;
  readonly #prefix: string;
  readonly #campaignTable = new Uint16Array(tableSize);
  readonly #campaigns: Campaign[];

  constructor(seed: number, catalog: Catalog) {
    this.#key = keyOf(seed, 3);
    this.#prefix = drawHex(keyOf(seed, 4), 0, 0, 3);
    this.#campaigns = catalog.campaigns;
    const total = catalog.campaigns.reduce((sum, campaign) => sum + campaign.weight, 0);
    let end = 0;
    for (const [position, campaign] of catalog.campaigns.entries()) {
      const first = Math.round((end / total) * tableSize);
      end += campaign.weight;
      this.#campaignTable.fill(position, first, Math.round((end / total) * tableSize));
    }
  }

  /** Position of the click's campaign in the catalog. */
  campaign(index: number): number {
    return this.#campaignTable[draw(this.#key, index, 0) & (tableSize - 1)]!;
  }

  /** Position of the click's way in its campaign's `paths`. */
  path(index: number, campaign: number): number {
    return draw(this.#key, index, 1) % this.#campaigns[campaign]!.paths.length;
  }

  /** Position of the click's ad in its campaign's `variants`. */
  variant(index: number, campaign: number): number {
    return draw(this.#key, index, 2) % this.#campaigns[campaign]!.variants.length;
  }

  /** Position in `places`; the unknown place is rare. */
  place(index: number): number {
    const drawn = draw(this.#key, index, 3);
    return drawn % 97 === 0 ? places.length - 1 : (drawn >>> 8) % (places.length - 1);
  }

  /** Position in `devices`; the unknown device is rare. */
  device(index: number): number {
    const drawn = draw(this.#key, index, 4);
    return drawn % 89 === 0 ? devices.length - 1 : (drawn >>> 8) % (devices.length - 1);
  }

  /** Cost before any restatement: up to five decimals, between half and one and a half of the campaign's average. */
  costMicros(index: number, campaign: number): number {
    const average = this.#campaigns[campaign]!.clickCostMicros;
    return Math.floor((average * (512 + (draw(this.#key, index, 5) & 1023))) / 10_240) * 10;
  }

  /** Stable text id; ids of one ledger sort as its clicks do, clicks added later after all others. */
  subId(index: number): string {
    const number = index.toString(36).padStart(idDigits, '0');
    const suffix = (draw(this.#key, index, 6) % 36 ** suffixDigits).toString(36).padStart(suffixDigits, '0');
    return this.#prefix + number + suffix;
  }

  /** The number a `subId` was made from, or null when the text is no id of this ledger. */
  indexOf(subId: string): number | null {
    const index = Number.parseInt(subId.slice(this.#prefix.length, this.#prefix.length + idDigits), 36);
    return Number.isSafeInteger(index) && this.subId(index) === subId ? index : null;
  }

  uuid(index: number): string {
    return drawUuid(this.#key, index, 7);
  }

  /** The ad platform's own id of the click; now and then the platform leaves its macro unreplaced. */
  platformClickId(index: number, campaign: number): string {
    const source = this.#campaigns[campaign]!.source;
    if (!source) return '';
    const drawn = draw(this.#key, index, 8);
    if (drawn % 61 === 0) return source.platform.parameters[0]!.macro;
    return `IwAR${drawn.toString(36)}-${draw(this.#key, index, 9).toString(36)}_${index.toString(36)}`;
  }

  /** IPv4 mostly, IPv6 for one click in eight. */
  ip(index: number): string {
    const a = draw(this.#key, index, 10);
    if (a % 8 !== 0) return `${11 + (a % 180)}.${(a >>> 8) & 255}.${(a >>> 16) & 255}.${1 + ((a >>> 24) % 254)}`;
    const b = draw(this.#key, index, 11);
    return `2a02:${(a >>> 16).toString(16)}:${(b & 0xffff).toString(16)}:${(b >>> 16).toString(16)}::${(a & 0xffff).toString(16)}`;
  }

  isBot(index: number): boolean {
    return draw(this.#key, index, 12) % 29 === 0;
  }

  isUniqueInCampaign(index: number): boolean {
    return draw(this.#key, index, 13) % 100 < 85;
  }

  /** Seconds from the click to the click on the landing page, or null when the visitor never clicked it. */
  landingDelay(index: number): number | null {
    const drawn = draw(this.#key, index, 14);
    return drawn % 100 < 38 ? 2 + drawBelow(this.#key, index, 15, 300) : null;
  }
}

/** One click with every field, for callers that need few of them. */
export interface Click {
  index: number;
  subId: string;
  /** Seconds since 1970. */
  second: number;
  campaign: Campaign;
  path: Path;
  variant: AdVariant;
  place: Place;
  device: Device;
  ip: string;
  platformClickId: string;
  costMicros: number;
  /** As of the asked moment. */
  revenueMicros: number;
  isBot: boolean;
  isUniqueInCampaign: boolean;
  /** Seconds since 1970, or null. */
  landingClickedAt: number | null;
}
