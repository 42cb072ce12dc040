// The word at the line where the history begins: before it, or behind it where the gap is too narrow.
const ROOM = 150;

export function BeginsHere({ viewBox }: { viewBox?: { x?: number; y?: number } }) {
  const { x = 0, y = 0 } = viewBox ?? {};
  const isBefore = x > ROOM;
  return (
    <text
      x={isBefore ? x - 6 : x + 6}
      y={y + 13}
      textAnchor={isBefore ? 'end' : 'start'}
      fill="var(--muted)"
      fontSize={12}
    >
      History begins
    </text>
  );
}
