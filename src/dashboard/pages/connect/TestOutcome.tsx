// How a test of a connection went: what each resource gave, or what is wrong and what to do now.
import { CircleAlert, CircleCheck } from 'lucide-react';
import { count } from '../../app/format.ts';
import { RESOURCE_WORDS } from '../../app/resources.ts';
import { Notice } from '../../parts/Notice.tsx';
import css from './Connect.module.css';

export type TestResult =
  | {
      ok: true;
      latencyMs: number;
      message: string;
      checks: { resource: keyof typeof RESOURCE_WORDS; ok: boolean; count: number | null; message: string }[];
    }
  | { ok: false; latencyMs: number; error: { kind: string; message: string; hint: string } };

export function TestOutcome({ result }: { result: TestResult }) {
  if (!result.ok) {
    return (
      <Notice tone="bad" title={result.error.message}>
        {result.error.hint}
      </Notice>
    );
  }
  return (
    <div className={css.outcome} role="status">
      <div className={css.check} data-ok="true">
        <CircleCheck size={16} aria-hidden />
        <strong>{result.message}</strong>
        <span className={css.count}>{count(result.latencyMs)} ms</span>
      </div>
      {result.checks.map(({ resource, ok, count: rows, message }) => (
        <div key={resource} className={css.check} data-ok={ok}>
          {ok ? <CircleCheck size={16} aria-label="works" /> : <CircleAlert size={16} aria-label="does not work" />}
          <span>{ok ? RESOURCE_WORDS[resource] : `${RESOURCE_WORDS[resource]}: ${message}`}</span>
          <span className={css.count}>{ok ? (rows === null ? 'readable' : count(rows)) : ''}</span>
        </div>
      ))}
    </div>
  );
}
