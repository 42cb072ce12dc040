// The row being written: one scope is filled again for every row, so that writing allocates no objects.
import type { AdVariant, Campaign, Path } from '../../ledger/catalog.ts';
import type { ClickResult } from '../../ledger/click-result.ts';
import type { ConversionState } from '../../ledger/conversions.ts';
import { type Device, devices } from '../../ledger/devices.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Place, places } from '../../ledger/places.ts';
import type { Zone } from '../../zone.ts';
import type { KeitaroOptions } from './options.ts';
import type { Quirks } from './quirks.ts';

export class RowScope {
  readonly ledger: Ledger;
  readonly quirks: Quirks;
  readonly options: KeitaroOptions;
  readonly zone: Zone;
  /** Everything is told as of this second. */
  readonly asOf: number;
  index = 0;
  clickSecond = 0;
  /** The second that `datetime` tells: the click's in the click log, the postback's in the conversion log. */
  second = 0;
  campaign = 0;
  path = 0;
  hasLanding = false;
  costMicros = 0;
  result: ClickResult | null = null;
  conversion = 0;
  state: ConversionState | null = null;
  #platformClickId: string | null = null;

  constructor(ledger: Ledger, quirks: Quirks, options: KeitaroOptions, zone: Zone, asOf: number) {
    this.ledger = ledger;
    this.quirks = quirks;
    this.options = options;
    this.zone = zone;
    this.asOf = asOf;
  }

  /** Both the external id and sub-id 1. */
  get platformClickId(): string {
    this.#platformClickId ??= this.ledger.fields.platformClickId(this.index, this.campaign);
    return this.#platformClickId;
  }

  get campaignEntity(): Campaign {
    return this.ledger.catalog.campaigns[this.campaign]!;
  }

  get pathEntity(): Path {
    return this.campaignEntity.paths[this.path]!;
  }

  get variantEntity(): AdVariant {
    return this.campaignEntity.variants[this.ledger.fields.variant(this.index, this.campaign)]!;
  }

  get placeEntity(): Place {
    return places[this.ledger.fields.place(this.index)]!;
  }

  get deviceEntity(): Device {
    return devices[this.ledger.fields.device(this.index)]!;
  }

  /** Points the scope at a click. */
  setClick(index: number, second: number): void {
    const ledger = this.ledger;
    this.index = index;
    this.clickSecond = second;
    this.second = second;
    this.campaign = ledger.campaignOf(index);
    this.path = ledger.fields.path(index, this.campaign);
    this.hasLanding = this.pathEntity.landing !== null;
    this.costMicros = ledger.costMicros(index, this.campaign, second);
    this.#platformClickId = null;
    this.result = ledger.resultOf(index, this.asOf);
  }

  /** Points the scope at a conversion and its click. */
  setConversion(id: number): void {
    const { conversions, order } = this.ledger;
    const click = conversions.clickIndexOf(id);
    this.setClick(click, order.secondOf(click));
    this.conversion = id;
    this.second = conversions.postbackSecondOf(id);
    this.state = conversions.stateAt(id, this.asOf);
  }
}
