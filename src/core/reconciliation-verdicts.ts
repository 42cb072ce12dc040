// What is said of a campaign's day whose figures differ: late, explained by what a re-read has brought, or simply different.
import { add, signOf, subtract } from './decimal.ts';
import {
  type Currencies,
  type Figures,
  isSame,
  NO_FIGURES,
  RECONCILED_COLUMNS,
  type ReconciledColumn,
  type Tolerances,
} from './reconciliation.ts';

export const REASONS = {
  late: 'late conversions',
  unreadable: 'unreadable rows',
  gone: 'rows the log no longer serves',
  noCost: 'the log tells no cost',
  noCampaign: 'the log tells no campaign',
  notRead: 'conversions cannot be read now',
  noClicks: 'the tracker gives no click log',
  noClickTime: 'conversions whose click is not known',
  currencies: 'amounts in several currencies',
  /** More is said behind these. */
  currency: 'another currency',
  zone: 'looks like another time zone',
  recent: 'the log gives recent clicks only',
} as const;

export interface Verdict {
  state: 'differs' | 'explained';
  reason: string | null;
}

/** Only of columns that are not equal. */
export type Verdicts = Partial<Record<ReconciledColumn, Verdict>>;

export interface Compared {
  ours: Figures;
  theirs: Figures;
  verdicts: Verdicts;
}

/** What a finished re-read of a day has brought; null for a log that it did not read. */
export interface Served {
  /** Rows that the click log gave for the day, null where that is not known; and those that could not be read. */
  clicks: { rows: number | null; unreadable: number } | null;
  conversions: { unreadable: number } | null;
  /** All of the day's clicks now. */
  ours: number;
  theirs: number;
}

export interface Evidence {
  tolerances: Tolerances;
  /** Conversions that the tracker has and we have not read yet; null where its log cannot be read now. */
  late: Figures | null;
  /** The check before. */
  before: Compared | null;
  served: Served | null;
  /** Of our clicks at least one has a cost. */
  hasCost: boolean;
  /** The click log gives recent clicks only: a day is never whole. */
  hasRecentClicksOnly?: boolean;
  /** The tracker gives no click log, so that conversions may have no click's day to be booked on. */
  withoutClicks?: { hasUnbooked: boolean } | null;
  /** The currency of the tracker's sums, as it is set, and those of ours. */
  account?: string;
  currencies?: Currencies;
  /** Columns whose amounts are in several currencies: the tracker's sum has them all, ours has those of one. */
  mixed?: readonly ReconciledColumn[];
}

export function judge(ours: Figures, theirs: Figures, evidence: Evidence): Verdicts {
  const verdicts: Verdicts = {};
  for (const column of RECONCILED_COLUMNS) {
    if (isSame(column, ours, theirs, evidence.tolerances)) continue;
    verdicts[column] = verdictOf(column, ours, theirs, evidence, verdicts);
  }
  return verdicts;
}

const explained = (reason: string): Verdict => ({ state: 'explained', reason });

function verdictOf(
  column: ReconciledColumn,
  ours: Figures,
  theirs: Figures,
  evidence: Evidence,
  verdicts: Verdicts,
): Verdict {
  const { tolerances, late, before, served, hasCost, hasRecentClicksOnly, withoutClicks, mixed } = evidence;
  const isOfClicks = column === 'clicks' || column === 'cost';
  if (isOfClicks && withoutClicks) return explained(REASONS.noClicks);
  if (isOfClicks && hasRecentClicksOnly) return explained(REASONS.recent);
  if (withoutClicks?.hasUnbooked) return explained(REASONS.noClickTime);
  if (mixed?.includes(column)) return explained(REASONS.currencies);
  if (column === 'conversions' || column === 'revenue') {
    if (late === null) return explained(REASONS.notRead);
    const withLate = { ...NO_FIGURES, [column]: add(ours[column], late[column]) };
    if (isSame(column, withLate, theirs, tolerances)) return explained(REASONS.late);
  }
  if (column === 'cost' && !hasCost && ours.clicks !== '0') return explained(REASONS.noCost);
  const apart = subtract(ours[column], theirs[column]);
  const known = served === null ? null : reasonOf(column, apart, served, verdicts);
  const told = known ?? kept(column, apart, before);
  return told ?? { state: 'differs', reason: reasonOfCurrency(column, evidence, verdicts) };
}

/** All that an amount is made of is there, though it is told in another currency: of one the account may have, or not. */
function reasonOfCurrency(column: ReconciledColumn, { account, currencies }: Evidence, verdicts: Verdicts) {
  if (column !== 'cost' && column !== 'revenue') return null;
  const own = currencies?.[column] ?? account;
  const isWhole = verdicts[column === 'cost' ? 'clicks' : 'conversions'] === undefined;
  return own === account || !isWhole ? null : `${REASONS.currency}: amounts in ${own}, where ${account} is set`;
}

const TRANSIENT: readonly string[] = [
  ...[REASONS.late, REASONS.notRead, REASONS.currencies, REASONS.noClickTime, REASONS.noClicks],
  ...[REASONS.currency, REASONS.zone],
];

/** What was said of the same difference stays true, also while both sides grow. */
function kept(column: ReconciledColumn, apart: string, before: Compared | null): Verdict | null {
  const verdict = before?.verdicts[column];
  if (before === null || verdict === undefined || verdict.reason === null) return null;
  const isTransient = TRANSIENT.some((reason) => verdict.reason?.startsWith(reason));
  return !isTransient && subtract(before.ours[column], before.theirs[column]) === apart ? verdict : null;
}

function reasonOf(column: ReconciledColumn, apart: string, served: Served, verdicts: Verdicts): Verdict | null {
  const isMore = signOf(apart) > 0;
  const isOfClicks = column === 'clicks' || column === 'cost';
  const unreadable = (isOfClicks ? served.clicks?.unreadable : served.conversions?.unreadable) ?? 0;
  const isCount = column === 'clicks' || column === 'conversions';
  if (!isMore && unreadable > 0 && (!isCount || -Number(apart) <= unreadable)) return explained(REASONS.unreadable);
  if (column === 'clicks') return reasonOfClicks(isMore, served);
  // Cost, conversions and revenue of clicks that are gone went with them.
  return isMore && verdicts.clicks?.reason === REASONS.gone ? explained(REASONS.gone) : null;
}

function reasonOfClicks(isMore: boolean, { clicks, ours, theirs }: Served): Verdict | null {
  // More rows than we have after reading them: a page came twice, and the count says nothing.
  if (clicks === null || clicks.rows === null || clicks.rows > ours + clicks.unreadable) return null;
  if (clicks.rows === theirs) return isMore ? explained(REASONS.gone) : null;
  return { state: 'differs', reason: `its log gives ${clicks.rows} clicks, its report ${theirs}` };
}
