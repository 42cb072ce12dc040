// A line's name at its end, or led there, with a dot of its colour.
interface Props {
  isEnd: boolean;
  x: number;
  y: number;
  /** How far below the end it stands. */
  below: number;
  name: string;
  colour: string;
}

const MOST_LETTERS = 19;

export function EndName({ isEnd, x, y: end, below, name, colour }: Props) {
  if (!isEnd) return null;
  const short = name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1).trimEnd()}…` : name;
  const y = end + below;
  return (
    <g>
      <title>{name}</title>
      {Math.abs(below) > 2 && (
        <path d={`M${x + 2} ${end} L${x + 12} ${y}`} stroke={colour} strokeOpacity={0.5} fill="none" />
      )}
      <circle cx={x + 14} cy={y} r={3.5} fill={colour} />
      <text x={x + 22} y={y} dy="0.355em" fill="var(--text)" fontSize={12}>
        {short}
      </text>
    </g>
  );
}
