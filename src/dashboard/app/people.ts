// The people of the organisation, who is invited, and its keys, as the API tells of them.
import { answered, api } from './client.ts';

export type User = Awaited<ReturnType<typeof readUsers>>['items'][number];
export type Invitation = Awaited<ReturnType<typeof readInvitations>>['items'][number];
export type ApiKey = Awaited<ReturnType<typeof readApiKeys>>['items'][number];

const page = (cursor: string | undefined) => ({ query: { limit: '100', ...(cursor && { cursor }) } });

export const readUsers = (cursor?: string) => answered(api.users.$get(page(cursor)));
export const readInvitations = (cursor?: string) => answered(api.invitations.$get(page(cursor)));
export const readApiKeys = (cursor?: string) => answered(api['api-keys'].$get(page(cursor)));
