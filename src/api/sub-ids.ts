// The thirty sub-ids as they are named in queries, reports and CSV: subId1 … subId30.

export const SUB_ID_FIELDS = [
  ...(['subId1', 'subId2', 'subId3', 'subId4', 'subId5', 'subId6', 'subId7', 'subId8', 'subId9', 'subId10'] as const),
  ...(['subId11', 'subId12', 'subId13', 'subId14', 'subId15', 'subId16', 'subId17', 'subId18', 'subId19'] as const),
  ...(['subId20', 'subId21', 'subId22', 'subId23', 'subId24', 'subId25', 'subId26', 'subId27', 'subId28'] as const),
  ...(['subId29', 'subId30'] as const),
] as const;

export type SubIdField = (typeof SUB_ID_FIELDS)[number];

/** The key in `subIds`: `subId7` → `"7"`. */
export const subIdKey = (field: SubIdField): string => field.slice('subId'.length);
