// Names and values in two columns; and the parts that must be well, each with a dot and a word.
import { count } from '../../app/format.ts';
import parts from '../../parts/parts.module.css';
import css from './System.module.css';

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: string | number])[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'number' ? count(value) : value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Part {
  name: string;
  ok: boolean;
  detail: string | null;
  /** While it is well. */
  said: string | null;
  link?: string | null;
}

export function Health({ parts: all }: { parts: readonly Part[] }) {
  return (
    <ul className={css.health}>
      {all.map(({ name, ok, detail, said, link }) => (
        <li key={name}>
          <span className={parts.state}>
            <span className={parts.dot} data-tone={ok ? 'ok' : 'bad'} aria-hidden />
            <strong>{name}</strong>
          </span>
          <span className={css.said}>{ok ? said : (detail ?? 'does not answer')}</span>
          {link != null && (
            <a href={link} target="_blank" rel="noreferrer">
              Open the UI
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
