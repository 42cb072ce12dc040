// The same ways as lines: for keyboards, screen readers and phones.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { count, money, percent } from '../../app/format.ts';
import { type Column, Table } from '../../parts/Table.tsx';
import { isEnd, isOfMoney, type Link, type Node, profitOf } from './flows.ts';
import css from './Paths.module.css';
import type { PathMetric } from './search.ts';
import { levelTitle, METRIC_WORDS, stopTitle } from './words.ts';

type Line = Link & { share: number | null; from: Node; to: Node };
interface Props {
  nodes: readonly Node[];
  links: readonly (Link & { share: number | null })[];
  metric: PathMetric;
}

const SHOWN = 50;

export function PathTable({ nodes, links, metric }: Props) {
  const [isWhole, setWhole] = useState(false);
  const known = new Map(nodes.map((node) => [`${node.node} ${node.currency}`, node]));
  const all = links.flatMap((link): Line[] => {
    const [from, to] = [link.source, link.target].map((node) => known.get(`${node} ${link.currency}`));
    return from === undefined || to === undefined ? [] : [{ ...link, from, to }];
  });
  const lines = [...all.filter((line) => !isOfOthers(line)), ...all.filter(isOfOthers)];
  return (
    <>
      <Table
        label="Ways from stop to stop"
        columns={columnsOf(metric)}
        rows={isWhole ? lines : lines.slice(0, SHOWN)}
        rowHeight={44}
        idOf={({ source, target, currency }) => `${source} ${target} ${currency}`}
      />
      {!isWhole && lines.length > SHOWN && (
        <Button variant="default" mt={12} onClick={() => setWhole(true)}>
          Show all {count(lines.length)}
        </Button>
      )}
    </>
  );
}

const isOfOthers = ({ from, to }: Line): boolean => from.key === 'other' || to.key === 'other';

const Stop = ({ node }: { node: Node }) => (
  <>
    <div className={css.name} title={stopTitle(node)}>
      {stopTitle(node)}
    </div>
    <div className={css.level}>{levelTitle(node.level)}</div>
  </>
);

const FIGURES: Readonly<Record<PathMetric, (line: Line) => string>> = {
  clicks: ({ target, clicks }) => (isEnd(target) ? '–' : count(clicks)),
  conversions: ({ conversions }) => count(conversions),
  revenue: ({ revenue, currency }) => money(revenue, currency),
  profit: (line) => (isEnd(line.target) ? '–' : money(profitOf(line), line.currency)),
};

function columnsOf(metric: PathMetric): Column<Line>[] {
  return [
    { key: 'from', title: 'From', cell: ({ from }) => <Stop node={from} /> },
    { key: 'to', title: 'To', cell: ({ to }) => <Stop node={to} /> },
    ...(Object.keys(FIGURES) as PathMetric[]).map(
      (name): Column<Line> => ({
        ...{
          key: name,
          title: METRIC_WORDS[name],
          width: isOfMoney(name) ? 148 : 116,
          isNumber: true,
          cell: FIGURES[name],
        },
        ...(name === metric ? {} : { from: 900 }),
      }),
    ),
    { key: 'share', title: 'Share', width: 88, isNumber: true, from: 640, cell: ({ share }) => percent(share) },
  ];
}
