// What a tracker gives, and how well each is known, before anything is connected.
import { EVIDENCE_WORDS, RESOURCE_WORDS } from '../../app/resources.ts';
import type { TrackerType } from '../../app/trackers.ts';
import css from './Connect.module.css';

type Resource = keyof typeof RESOURCE_WORDS;

export function Evidence({ type }: { type: TrackerType }) {
  const given = Object.entries(type.resources) as [Resource, NonNullable<TrackerType['resources'][Resource]>][];
  return (
    <details className={css.details}>
      <summary>What is read, and how well each is known</summary>
      <dl className={css.evidence}>
        {given.map(([resource, { evidence, note }]) => (
          <div key={resource}>
            <dt>{RESOURCE_WORDS[resource]}</dt>
            <dd>{EVIDENCE_WORDS[evidence]}</dd>
            {note !== null && <dd className={css.note}>{note}</dd>}
          </div>
        ))}
      </dl>
    </details>
  );
}
