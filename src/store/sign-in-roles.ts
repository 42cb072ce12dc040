// Who may do what, least first: a role includes what the ones before it may, except where a route says otherwise.

export const ROLES = ['viewer', 'finance', 'mediabuyer', 'manager', 'admin', 'owner', 'super_admin'] as const;
export type Role = (typeof ROLES)[number];

/** Any text as a role; one that we do not know may only read. */
export function roleOf(text: string): Role {
  return ROLES.find((role) => role === text) ?? 'viewer';
}

export function isAtLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

export function lesserRole(one: Role, other: Role): Role {
  return isAtLeast(one, other) ? other : one;
}
