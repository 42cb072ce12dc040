// An ad platform's words: its three levels, and what of it a tracker's sub-ids can carry.

/** Coarsest first. */
export const AD_LEVELS = ['ad_campaign', 'ad_set', 'ad'] as const;
export type AdLevel = (typeof AD_LEVELS)[number];

export const SUB_ID_ROLES = ['click_id', ...AD_LEVELS, 'placement'] as const;
export type SubIdRole = (typeof SUB_ID_ROLES)[number];
