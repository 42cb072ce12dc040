// The shape of what is to come, after a moment: never a spinner.
import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';

const AFTER_MS = 150;

export function Waiting({ lines, height = 36 }: { lines: number; height?: number }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div
      style={{ height: lines * height, visibility: isDue ? 'visible' : 'hidden' }}
      role="status"
      aria-label="Loading"
    >
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <div key={line} style={{ height, display: 'flex', alignItems: 'center' }}>
          <Skeleton height={12} width={`${90 - ((line * 17) % 40)}%`} radius={3} />
        </div>
      ))}
    </div>
  );
}
