// A time as people say it; the exact one, with UTC, on hover; machines read it in `dateTime`.
import { Tooltip } from '@mantine/core';
import { exact, relative } from '../app/format.ts';
import { useNow } from './now.ts';

export function RelativeTime({ at }: { at: string | null }) {
  const now = useNow(10_000);
  if (at === null) return <>–</>;
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={at}>{relative(at, now)}</time>
    </Tooltip>
  );
}
