// In place of what is not there: its shape while it comes, what is wrong where it does not.
import { Notice } from './Notice.tsx';
import { Waiting } from './Waiting.tsx';

export function Pending({ error, lines, height }: { error: Error | null; lines: number; height?: number }) {
  return error === null ? <Waiting lines={lines} height={height} /> : <Notice tone="bad" title={error.message} />;
}
