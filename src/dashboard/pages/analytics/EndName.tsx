// A line's name at its end, or led there, with a dot of its colour.
interface Props {
  isEnd: boolean;
  x: number;
  y: number;
  /** How far below the end it stands. */
  below: number;
  name: string;
  /** The tracker's name or the id, where several lines have one name. */
  whose: string | null;
  colour: string;
}

const MOST_LETTERS = 19;

export function EndName({ isEnd, x, y: end, below, name, whose, colour }: Props) {
  if (!isEnd) return null;
  // Both have room where they share it.
  const ofName = whose === null ? MOST_LETTERS : Math.max(MOST_LETTERS - whose.length - 1, MOST_LETTERS / 2);
  const shown = shortOf(name, ofName);
  const y = end + below;
  return (
    <g>
      <title>{whose === null ? name : `${name} · ${whose}`}</title>
      {Math.abs(below) > 2 && (
        <path d={`M${x + 2} ${end} L${x + 12} ${y}`} stroke={colour} strokeOpacity={0.5} fill="none" />
      )}
      <circle cx={x + 14} cy={y} r={3.5} fill={colour} />
      <text x={x + 22} y={y} dy="0.355em" fill="var(--text)" fontSize={12}>
        {shown}
        {whose !== null && <tspan fill="var(--muted)"> {shortOf(whose, MOST_LETTERS - shown.length - 1)}</tspan>}
      </text>
    </g>
  );
}

const shortOf = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, Math.floor(most) - 1).trimEnd()}…` : text;
