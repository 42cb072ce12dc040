// Calls to a tracker as rows: what was asked, what came, how long it took. Keys never stand in them.
import { Tooltip } from '@mantine/core';
import { count } from '../app/format.ts';
import css from './parts.module.css';
import { RelativeTime } from './RelativeTime.tsx';
import type { Column } from './Table.tsx';

export interface CallRow {
  id: string;
  at: string;
  resource: string | null;
  method: string;
  url: string;
  status: number | null;
  durationMs: number;
  bytes: number;
  error: string | null;
}

export const CALL_COLUMNS: readonly Column<CallRow>[] = [
  { key: 'at', title: 'When', width: 96, cell: ({ at }) => <RelativeTime at={at} /> },
  {
    ...{ key: 'status', title: 'Answer', width: 84 },
    cell: ({ status, error }) => (
      <Tooltip label={error} disabled={error === null} multiline maw={420}>
        <span className={css.state} tabIndex={error === null ? undefined : 0}>
          <span className={css.dot} data-tone={error === null ? 'ok' : 'bad'} aria-hidden />
          {status ?? 'None'}
        </span>
      </Tooltip>
    ),
  },
  {
    ...{ key: 'url', title: 'Call' },
    cell: ({ method, url, error }) => (
      <Tooltip label={error ?? url} multiline maw={560}>
        <span>
          {method} <span className={css.wholePath}>{pathOf(url)}</span>
          <span className={css.pathEnd}>{endOf(url)}</span>
        </span>
      </Tooltip>
    ),
  },
  { key: 'resource', title: 'For', width: 130, from: 900, cell: ({ resource }) => resource?.replace('_', ' ') ?? '–' },
  {
    key: 'took',
    title: 'Took',
    width: 90,
    isNumber: true,
    from: 640,
    cell: ({ durationMs }) => `${count(durationMs)} ms`,
  },
  { key: 'bytes', title: 'Bytes', width: 100, isNumber: true, from: 900, cell: ({ bytes }) => count(bytes) },
];

/** Of a narrow screen: what is asked stands last, before the query. */
function endOf(url: string): string {
  const parts = (URL.parse(url)?.pathname ?? url).split('/').filter((part) => part !== '');
  return `${parts.length > 2 ? '…' : ''}/${parts.slice(-2).join('/')}`;
}

function pathOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.pathname}${decodeURIComponent(parsed.search)}`;
}
