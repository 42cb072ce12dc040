// Who may use which route: one table for all of them. A route without an entry is refused to everybody.
import { isAtLeast, type Role } from '../store/sign-in-roles.ts';

/** The least role in the organisation; `signed in` needs no organisation, `public` nothing. */
export type Access = Role | 'signed in' | 'public';

export const ACCESS: Readonly<Record<string, Access>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'admin',
  'GET /openapi.json': 'public',
  'GET /docs': 'public',
  'GET /docs/scalar.js': 'public',

  'GET /api/v1/trackers/types': 'viewer',
  'GET /api/v1/trackers/days': 'viewer',
  'POST /api/v1/trackers/test': 'manager',
  'POST /api/v1/trackers': 'manager',
  'GET /api/v1/trackers': 'viewer',
  'GET /api/v1/trackers/:configId': 'viewer',
  'PATCH /api/v1/trackers/:configId': 'manager',
  'DELETE /api/v1/trackers/:configId': 'manager',
  'POST /api/v1/trackers/:configId/test': 'manager',
  'POST /api/v1/trackers/:configId/pause': 'manager',
  'POST /api/v1/trackers/:configId/resume': 'manager',
  'POST /api/v1/trackers/:configId/sync': 'mediabuyer',
  'POST /api/v1/trackers/:configId/resync': 'manager',
  'GET /api/v1/trackers/:configId/progress': 'viewer',
  'GET /api/v1/trackers/:configId/windows': 'viewer',
  'GET /api/v1/trackers/:configId/runs': 'viewer',
  'GET /api/v1/trackers/:configId/requests': 'admin',
  'GET /api/v1/trackers/:configId/mappings': 'viewer',
  'PUT /api/v1/trackers/:configId/mappings/statuses': 'manager',
  'PUT /api/v1/trackers/:configId/mappings/sub-ids': 'manager',
  'PUT /api/v1/trackers/:configId/mappings/campaigns': 'manager',
  'POST /api/v1/trackers/:configId/mappings/preview': 'manager',
  'POST /api/v1/trackers/:configId/mappings/undo': 'manager',

  'GET /api/v1/campaigns': 'viewer',
  'GET /api/v1/offers': 'viewer',
  'GET /api/v1/landing-pages': 'viewer',
  'GET /api/v1/flows': 'viewer',
  'GET /api/v1/traffic-sources': 'viewer',
  'GET /api/v1/affiliate-networks': 'viewer',
  'GET /api/v1/clicks': 'viewer',
  'GET /api/v1/conversions': 'viewer',
  'GET /api/v1/conversions/:id/timeline': 'viewer',
  'GET /api/v1/clicks/:id/story': 'viewer',
  'GET /api/v1/conversions/:id/story': 'viewer',
  'GET /api/v1/changes': 'viewer',
  'GET /api/v1/reports': 'viewer',
  'GET /api/v1/reconciliation': 'viewer',

  'GET /api/v1/ads': 'viewer',
  'PUT /api/v1/ads': 'manager',
  'GET /api/v1/rates': 'viewer',
  'PUT /api/v1/rates': 'manager',

  'POST /api/v1/auth/sign-in/email': 'public',
  'POST /api/v1/auth/two-factor/verify-totp': 'public',
  'POST /api/v1/auth/two-factor/verify-backup-code': 'public',
  'POST /api/v1/auth/sign-out': 'public',
  'POST /api/v1/auth/change-password': 'signed in',
  'POST /api/v1/auth/two-factor/enable': 'signed in',
  'POST /api/v1/auth/two-factor/confirm': 'signed in',
  'POST /api/v1/auth/two-factor/disable': 'signed in',
  'POST /api/v1/auth/two-factor/generate-backup-codes': 'signed in',
  'GET /api/v1/auth/sessions': 'signed in',
  'DELETE /api/v1/auth/sessions': 'signed in',
  'DELETE /api/v1/auth/sessions/:id': 'signed in',
  'GET /api/v1/me': 'signed in',
  'GET /api/v1/organizations': 'signed in',
  'POST /api/v1/organizations': 'super_admin',
  'PATCH /api/v1/organizations/:id': 'owner',
  'DELETE /api/v1/organizations/:id': 'owner',
  'GET /api/v1/users': 'admin',
  'PATCH /api/v1/users/:id': 'admin',
  'DELETE /api/v1/users/:id': 'admin',
  'GET /api/v1/invitations': 'admin',
  'POST /api/v1/invitations': 'admin',
  'DELETE /api/v1/invitations/:id': 'admin',
  'POST /api/v1/invitations/look-up': 'public',
  'POST /api/v1/invitations/accept': 'public',
  'GET /api/v1/events': 'viewer',
  'GET /api/v1/views': 'viewer',
  'POST /api/v1/views': 'viewer',
  'GET /api/v1/views/:id': 'viewer',
  'PATCH /api/v1/views/:id': 'viewer',
  'DELETE /api/v1/views/:id': 'viewer',

  'GET /api/v1/audit-log': 'admin',
  'GET /api/v1/api-keys': 'admin',
  'POST /api/v1/api-keys': 'admin',
  'DELETE /api/v1/api-keys/:id': 'admin',
};

/** What somebody with this role may ask for; null belongs to no organisation. */
export function allowedRoutes(role: Role | null): string[] {
  const isAllowed = (wanted: Access): boolean =>
    wanted === 'public' || wanted === 'signed in' || (role !== null && isAtLeast(role, wanted));
  return Object.entries(ACCESS).flatMap(([route, wanted]) => (isAllowed(wanted) ? [route] : []));
}
