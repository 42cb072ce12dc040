// What an operator can search by in the Temporal UI: set when it changes, and only what the namespace has.
import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { type ConfigFacts, SEARCH_ATTRIBUTES, type SearchAttribute } from '../core/sync.ts';

const valuesOf = (facts: ConfigFacts): Record<SearchAttribute, string | null> => ({
  TrackerType: facts.trackerType,
  OrganizationId: facts.organizationId,
  SyncState: facts.state,
  LastErrorKind: facts.lastErrorKind,
});

export function searchAttributesOf(facts: ConfigFacts, shown: ConfigFacts | null): SearchAttributeUpdatePair[] {
  const now = valuesOf(facts);
  const before = shown === null ? null : valuesOf(shown);
  return SEARCH_ATTRIBUTES.filter((name) => facts.attributes.includes(name) && now[name] !== before?.[name])
    .filter((name) => before !== null || now[name] !== null)
    .map((name) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value: now[name] }));
}
