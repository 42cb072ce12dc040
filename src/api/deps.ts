// What the API is given by its root, and what a request carries.
import type { HttpBindings } from '@hono/node-server';
import type { Adapter } from '../adapters/adapter.ts';
import type { Http } from '../adapters/http.ts';
import type { Actor } from '../store/audit.ts';
import type { Auth } from '../store/auth.ts';
import type { Db } from '../store/db.ts';
import type { Membership } from '../store/memberships.ts';
import type { Role } from '../store/sign-in-roles.ts';
import type { Vault } from '../store/vault.ts';

/** The part of pino's that the API uses. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

export interface TemporalHealth {
  isReachable: boolean;
  /** Workers that lately asked for work; null where it is not known. */
  workers: number | null;
  /** Why it is not reachable, in words without a secret. */
  reason: string | null;
}

export interface DashboardFile {
  type: string;
  plain: Buffer;
  /** Null for what does not get smaller. */
  gzipped: Buffer | null;
}

export interface ApiDeps {
  db: Db;
  vault: Vault;
  /** For tests of connections. */
  http: Http;
  adapters: Readonly<Record<string, Adapter>>;
  /** Wakes a config's workflow, or starts it; false where Temporal is away. Never throws. */
  wake(configId: string): Promise<boolean>;
  temporal: { check(): Promise<TemporalHealth> };
  /** Sends a letter, or fails; null where no mail is set up. */
  mail: ((letter: { to: string; subject: string; text: string }) => Promise<void>) | null;
  now(): Date;
  /** The built dashboard by the paths of its files; null where there is none. */
  dashboard: ReadonlyMap<string, DashboardFile> | null;
  /** Aborted when the server stops: what would stream for ever ends. */
  stopping: AbortSignal;
  logger: Logger;
  config: {
    version: string;
    /** Where people reach the dashboard, without a trailing slash; known when the server listens. */
    publicUrl(): string;
    /** Signs sessions. */
    authSecret: string;
    temporalUiUrl: string | null;
    temporalNamespace: string;
    /** CIDRs whose X-Forwarded-For counts. */
    trustedProxies: readonly string[];
    /** How long a pause is waited for before it is answered as still pausing. */
    pauseWaitMs: number;
    /** How often trackers are looked at for who listens to them, and how often a silent stream is shown to live. */
    eventsEveryMs: number;
    heartbeatMs: number;
    /** What one person or key may ask of this process; and, where nobody signs, one address. */
    requestsPerMinute: { signed: number; unsigned: number };
  };
}

/** What the routes are given: the same, and better-auth over it. */
export interface SignInDeps extends ApiDeps {
  auth(): Auth;
}

export interface Person {
  userId: string;
  email: string;
  name: string;
  isSuperAdmin: boolean;
  twoFactorEnabled: boolean;
  sessionId: string;
  sessionEndsAt: Date;
  memberships: readonly Membership[];
}

/** Who asks: a person with a session, or a program with a key, which is its maker's where it has one. */
export type Identity =
  | { kind: 'person'; person: Person }
  | { kind: 'key'; apiKeyId: string; name: string; userId: string | null; organizationId: string; role: Role };

/** The person behind a request; null for a key that belongs to nobody. */
export const userIdOf = (identity: Identity): string | null =>
  identity.kind === 'key' ? identity.userId : identity.person.userId;

export interface ApiEnv {
  /** Absent where a request comes without a socket. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    identity: Identity;
    /** Not set where a route needs no more than a sign-in, and who asks belongs to no organisation. */
    organizationId: string;
    role: Role;
    actor: Actor;
  };
}
