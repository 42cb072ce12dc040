// One deed whole: who, from where, and each value before and after.
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { shortAddress } from '../../app/addresses.ts';
import { exact } from '../../app/format.ts';
import css from './AuditLog.module.css';
import type { Deed } from './search.ts';
import { actionWords } from './words.ts';

export function DeedDetails({ deed, target, onClose }: { deed: Deed | null; target: string; onClose(): void }) {
  const isPhone = useMediaQuery('(max-width: 639px)');
  return (
    <Drawer
      opened={deed !== null}
      onClose={onClose}
      position="right"
      size={isPhone ? '100%' : 480}
      title={deed === null ? '' : actionWords(deed.action)}
    >
      {deed !== null && (
        <>
          <dl className={css.facts}>
            <dt>When</dt>
            <dd>{exact(deed.at)}</dd>
            <dt>Who</dt>
            <dd>
              {deed.actorName ?? 'Tracker Hub'}
              {deed.actorType === 'api_key' && ', an API key'}
            </dd>
            <dt>From</dt>
            <dd>{deed.ip === null ? '–' : shortAddress(deed.ip)}</dd>
            <dt>To what</dt>
            <dd>{target}</dd>
            <dt>Action</dt>
            <dd>
              <code>{deed.action}</code>
            </dd>
          </dl>
          <Values deed={deed} />
        </>
      )}
    </Drawer>
  );
}

function Values({ deed: { before, after } }: { deed: Deed }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  if (names.length === 0) return null;
  return (
    <table className={css.values}>
      <thead>
        <tr>
          <th>Value</th>
          {before !== null && <th>Before</th>}
          {after !== null && <th>After</th>}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <td>{name}</td>
            {before !== null && <td>{said(before[name])}</td>}
            {after !== null && <td>{said(after[name])}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function said(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value !== 'object') return String(value);
  const parts = Array.isArray(value)
    ? value.map(said)
    : Object.entries(value).map(([name, one]) => `${name}: ${said(one)}`);
  return parts.join('\n');
}
