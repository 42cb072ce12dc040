// The API as the dashboard calls it: typed by the API itself, signed by the session's cookie, refusals as errors.
import { type ClientResponse, hc } from 'hono/client';
import type { Api } from '../../api/app.ts';

const ORGANIZATION = 'tracker-hub.organization';

/** Of this tab: another one that changes it leaves what is shown and written here alone. */
let chosen = localStorage.getItem(ORGANIZATION);

export const chosenOrganization = (): string | null => chosen;

export function chooseOrganization(id: string | null): void {
  chosen = id;
  if (id === null) localStorage.removeItem(ORGANIZATION);
  else localStorage.setItem(ORGANIZATION, id);
}

/** Of every call: which organisation is meant. */
export function organizationHeaders(): Record<string, string> {
  const organization = chosenOrganization();
  return organization === null ? {} : { 'x-organization': organization };
}

export const api = hc<Api>(location.origin, { headers: organizationHeaders }).api.v1;

/** What the API refused, in its own words. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  /** Of bad input: the field and what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, fields: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

interface Problem {
  title: string;
  code: string;
  detail?: string;
  errors?: { path: string; message: string }[];
}

/** JSON alone: what some routes also answer as CSV is never asked for here. */
type Successful<R> =
  R extends ClientResponse<infer Body, infer Status, 'json'>
    ? Status extends 200 | 201 | 202
      ? Exclude<Body, string | Response>
      : never
    : never;

/**
 * The body of a successful answer.
 * @throws Refused; its status is 0 where the hub cannot be reached
 */
export async function answered<R extends ClientResponse<unknown, number, string>>(
  asked: Promise<R>,
): Promise<Successful<R>> {
  const response = await asked.catch(() => {
    throw new Refused(
      0,
      'unreachable',
      'Tracker Hub cannot be reached. Check your connection; what you typed is kept.',
    );
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as Successful<R>;
  throw refusalOf(response.status, body as Problem | null);
}

export function refusalOf(status: number, problem: Problem | null): Refused {
  if (problem === null) return new Refused(status, 'unknown', `Something went wrong (${status}). Try again.`);
  const fields = Object.fromEntries((problem.errors ?? []).map(({ path, message }) => [path, message]));
  return new Refused(status, problem.code, problem.detail ?? `${problem.title}.`, fields);
}
