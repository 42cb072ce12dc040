// The roles as people choose them, lowest first, with what each may do.
import type { Me } from './me.ts';

export type Role = NonNullable<Me['role']>;

export const ROLES: readonly { value: Exclude<Role, 'super_admin'>; label: string; does: string }[] = [
  { value: 'viewer', label: 'Viewer', does: 'Sees everything but the administration' },
  { value: 'finance', label: 'Finance', does: 'Sees what a viewer sees' },
  { value: 'mediabuyer', label: 'Media buyer', does: 'May also sync a tracker now' },
  { value: 'manager', label: 'Manager', does: 'Also connects and changes trackers, mappings, ads and rates' },
  { value: 'admin', label: 'Admin', does: 'Also manages people and API keys, and reads the audit log' },
  { value: 'owner', label: 'Owner', does: 'May do everything' },
];

export const roleName = (role: string): string => ROLES.find(({ value }) => value === role)?.label ?? 'Super admin';

const rank = (role: Role): number => ROLES.findIndex(({ value }) => value === role);

/** Whether the one may less than the other. */
export const isBelow = (role: Role, other: Role): boolean => rank(role) < rank(other);

/** Nobody gives a role above their own. */
export const rolesUpTo = (own: Role | null | undefined): typeof ROLES =>
  own === 'super_admin' ? ROLES : ROLES.slice(0, ROLES.findIndex(({ value }) => value === own) + 1);
