// The ways as a diagram: columns of stops, and between them bands as thick as what went that way.
import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import { signOf } from '../../../core/decimal.ts';
import { type Flows, isEnd, profitOf } from './flows.ts';
import { BAR, layoutOf } from './layout.ts';
import css from './Paths.module.css';
import type { PathMetric } from './search.ts';
import { figureOf, LEVELS, levelTitle, stopTitle } from './words.ts';

interface Props {
  flows: Flows;
  metric: PathMetric;
  currency: string;
  mayOpen(node: Flows['nodes'][number]): boolean;
  onOpen(node: Flows['nodes'][number]): void;
}

export function Sankey({ flows, metric, currency, mayOpen, onOpen }: Props) {
  const { ref, width } = useElementSize();
  const [looked, setLooked] = useState<string | null>(null);
  const { stops, ribbons, columns, height } = layoutOf(flows, LEVELS, Math.max(width, 320));
  const names = new Map(flows.nodes.map((node) => [node.node, stopTitle(node)]));
  const toneOf = (numbers: Parameters<typeof profitOf>[0], node: string): string | undefined => {
    if (isEnd(node)) return node.slice(node.indexOf(':') + 1);
    if (metric !== 'profit') return undefined;
    return signOf(profitOf(numbers)) < 0 ? 'loss' : 'gain';
  };
  return (
    <div className={css.diagram} ref={ref}>
      <div className={css.levels} aria-hidden>
        {columns.map(({ level, x }) => (
          <span key={level} style={{ left: x }}>
            {levelTitle(level)}
          </span>
        ))}
      </div>
      <div className={css.drawing} style={{ height }}>
        <svg width="100%" height={height} aria-hidden>
          {ribbons.map(({ link, path }) => (
            <path
              key={`${link.source} ${link.target}`}
              d={path}
              className={css.ribbon}
              data-tone={toneOf(link, link.target)}
              data-looked={looked === null ? undefined : link.source === looked || link.target === looked}
            >
              <title>
                {`${names.get(link.source)} → ${names.get(link.target)}: ${figureOf(link, link.target, metric, currency)}`}
              </title>
            </path>
          ))}
          {stops.map(({ node, x, y, height: tall }) => (
            <rect
              key={node.node}
              {...{ x, y }}
              width={BAR}
              height={tall}
              rx={2}
              className={css.bar}
              data-tone={toneOf(node, node.node)}
            />
          ))}
        </svg>
        <ul className={css.stops} aria-label="Stops on the way">
          {stops.map(({ node, x, y, height: tall, slot }) => {
            const words = stopTitle(node);
            const figure = figureOf(node, node.node, metric, currency);
            const column = columns.find(({ level }) => level === node.level)!;
            return (
              <li
                key={node.node}
                style={{ left: x + BAR + 6, top: y + tall / 2 - Math.min(slot, 18) / 2, width: column.width }}
                title={`${words}: ${figure}`}
                onPointerEnter={() => setLooked(node.node)}
                onPointerLeave={() => setLooked(null)}
              >
                {mayOpen(node) ? (
                  <button
                    type="button"
                    onClick={() => onOpen(node)}
                    onFocus={() => setLooked(node.node)}
                    onBlur={() => setLooked(null)}
                  >
                    {words}
                  </button>
                ) : (
                  <span className={css.stopName}>{words}</span>
                )}
                <span className={css.stopFigure}>{figure}</span>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
