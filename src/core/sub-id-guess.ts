// Guesses which sub-id carries what of an ad platform: by the parameters of traffic sources, and by the values that came in.
import type { AdLevel, SubIdRole } from './ads.ts';
import { SUB_ID_ROLES } from './ads.ts';
import type { Json, JsonObject } from './resources.ts';

export interface SubIdGuess {
  subId: number;
  /** Why: a parameter as its traffic source has it, or what was seen. */
  because: string;
}

/** What came in under one sub-id lately. */
export interface SubIdValues {
  subId: number;
  rows: number;
  distinct: number;
  /** Rows whose value is the id of an ad campaign, ad set or ad that was uploaded. */
  known: Record<AdLevel, number>;
}

/** Names of macros and parameters, letters and digits alone. */
const WORDS: readonly (readonly [SubIdRole, RegExp])[] = [
  ['ad', /^(ad|adid|bannerid|creative|creativeid|campaignitemid|contentid|itemid|cid)$/],
  ['ad_set', /^(adset|adsetid|adgroup|adgroupid|aid|lineitemid)$/],
  ['ad_campaign', /^(campaign|campaignid|utmcampaign|cmpid|campid)$/],
  ['click_id', /^(clickid|fbclid|gclid|ttclid|msclkid|wbraid|gbraid|clid|subid|visitorid|externalid)$/],
  ['placement', /^(placement|zone|zoneid|site|siteid|sitesourcename|network|domain|publisher|publisherid|widgetid)$/],
];

/** Where so many of the rows bear an uploaded id, the values say more than any template. */
const ENOUGH_KNOWN = 0.2;
/** A click id is another one with every click. */
const NEARLY_ALL = 0.95;
const ENOUGH_ROWS = 50;

/** @param sources the parameters of each traffic source, as the tracker tells them */
export function guessSubIds(
  sources: readonly Json[],
  values: readonly SubIdValues[],
): Partial<Record<SubIdRole, SubIdGuess>> {
  const guess: Partial<Record<SubIdRole, SubIdGuess>> = {};
  const isTaken = (subId: number): boolean => Object.values(guess).some((one) => one.subId === subId);
  for (const role of SUB_ID_ROLES) {
    const found = byIds(role, values) ?? byTemplates(role, sources) ?? byVariety(role, values);
    if (found !== null && !isTaken(found.subId)) guess[role] = found;
  }
  return guess;
}

function byIds(role: SubIdRole, values: readonly SubIdValues[]): SubIdGuess | null {
  if (role === 'click_id' || role === 'placement') return null;
  const share = ({ known, rows }: SubIdValues): number => (rows === 0 ? 0 : known[role] / rows);
  const best = values.toSorted((a, b) => share(b) - share(a) || a.subId - b.subId)[0];
  if (best === undefined || share(best) < ENOUGH_KNOWN) return null;
  return { subId: best.subId, because: `${Math.round(share(best) * 100)} % of its values are ids that were uploaded` };
}

function byTemplates(role: SubIdRole, sources: readonly Json[]): SubIdGuess | null {
  const votes = new Map<number, { count: number; because: string }>();
  for (const { subId, told } of sources.flatMap(parametersOf)) {
    if (roleOf(told) !== role) continue;
    const before = votes.get(subId);
    votes.set(subId, { count: (before?.count ?? 0) + 1, because: before?.because ?? told.join(' = ') });
  }
  const [best] = [...votes].sort(([a, one], [b, other]) => other.count - one.count || a - b);
  return best === undefined ? null : { subId: best[0], because: `traffic sources have ${best[1].because}` };
}

function byVariety(role: SubIdRole, values: readonly SubIdValues[]): SubIdGuess | null {
  if (role !== 'click_id') return null;
  const varied = values.find(({ rows, distinct }) => rows >= ENOUGH_ROWS && distinct >= rows * NEARLY_ALL);
  return varied === undefined ? null : { subId: varied.subId, because: 'nearly every click has another value' };
}

/** The macro decides; where it says nothing, the parameter's name. */
function roleOf(told: readonly string[]): SubIdRole | null {
  for (const text of told.toReversed()) {
    const word = text.toLowerCase().replace(/[^a-z0-9]/g, '');
    const role = WORDS.find(([, pattern]) => pattern.test(word))?.[0];
    if (role !== undefined) return role;
    // A name is no id, whatever the parameter is called.
    if (/name|title|keyword/.test(word)) return null;
  }
  return null;
}

/** `told`: the parameter's name, then its macro. */
function parametersOf(parameters: Json): { subId: number; told: string[] }[] {
  const entries: (readonly [number, Json])[] = Array.isArray(parameters)
    ? parameters.map((entry, i) => [numberOf(entry) ?? i + 1, entry])
    : Object.entries(isObject(parameters) ? parameters : {}).map(([key, entry]) => [
        Number(/(\d+)$/.exec(key)?.[1] ?? Number.NaN),
        entry,
      ]);
  return entries.flatMap(([subId, entry]) => {
    const told = toldBy(entry);
    return Number.isInteger(subId) && subId >= 1 && subId <= 30 && told.length > 0 ? [{ subId, told }] : [];
  });
}

function toldBy(entry: Json): string[] {
  if (typeof entry === 'string') return entry === '' ? [] : [entry];
  if (!isObject(entry)) return [];
  const name = [entry.name, entry.parameter, entry.alias].find(isFilled);
  const macro = [entry.placeholder, entry.macro, entry.value, entry.token].find(isFilled);
  return [name, macro].filter(isFilled);
}

const isFilled = (value: Json | undefined): value is string => typeof value === 'string' && value !== '';
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (entry: Json): number | null =>
  isObject(entry) && Number.isInteger(Number(entry.index ?? Number.NaN)) ? Number(entry.index) : null;
