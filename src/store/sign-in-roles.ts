// Who may do what, least first: a role includes what the ones before it may, except where a route says otherwise.

export const ROLES = ['viewer', 'finance', 'mediabuyer', 'manager', 'admin', 'owner', 'super_admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a member of an organisation can be; `super_admin` is a mark of the person. */
export const MEMBER_ROLES = ['viewer', 'finance', 'mediabuyer', 'manager', 'admin', 'owner'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Any text as a role; one that we do not know may only read. */
export function roleOf(text: string): Role {
  return ROLES.find((role) => role === text) ?? 'viewer';
}

/** Of a member's roles, which better-auth keeps comma-separated; never above owner. */
export function highestRole(memberRoles: string): MemberRole {
  const held = memberRoles.split(',');
  return MEMBER_ROLES.findLast((role) => held.includes(role)) ?? 'viewer';
}

export function isAtLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

export function lesserRole(one: Role, other: Role): Role {
  return isAtLeast(one, other) ? other : one;
}
