// A config's credentials in its row: sealed as JSON for exactly that row and version.
import type { SealedPlace, Vault } from './vault.ts';
import { VaultError } from './vault.ts';

export type Credentials = Readonly<Record<string, string>>;

/** What of a `tracker_config` row its credentials are bound to. */
export interface CredentialsRow {
  id: string;
  organization_id: string;
  credentials_version: number;
}

/** The two columns that are written together. */
export interface SealedCredentials {
  credentials_sealed: string;
  credentials_key_id: string;
}

export function credentialsPlace(row: CredentialsRow): SealedPlace {
  return {
    organizationId: row.organization_id,
    rowId: row.id,
    column: 'credentials_sealed',
    version: row.credentials_version,
  };
}

export function sealCredentials(vault: Vault, row: CredentialsRow, credentials: Credentials): SealedCredentials {
  return {
    credentials_sealed: vault.seal(JSON.stringify(credentials), credentialsPlace(row)),
    credentials_key_id: vault.newestKeyId,
  };
}

/** @throws VaultError where the blob does not open in this row, or does not hold credentials */
export function openCredentials(vault: Vault, row: CredentialsRow & { credentials_sealed: string }): Credentials {
  const opened: unknown = JSON.parse(vault.open(row.credentials_sealed, credentialsPlace(row)));
  if (!isTextRecord(opened)) throw new VaultError('malformed', 'the sealed text does not hold credentials');
  return opened;
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}
