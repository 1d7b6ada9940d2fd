/** What links the attacks of an incident: each attack a point, each link a line that says why. Loaded where it is shown. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import { stageRank } from '@apiary/model/taxonomy.ts';
import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { GraphChart } from 'echarts/charts';
import { use } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import { Chart, type ChartClick, type chartColors } from './chart.tsx';
import { kind_titles } from './link-kinds.ts';

use([GraphChart]);

const nodes_max = 150;
/** On more of them words would lie on each other; pointing at a line tells them then. */
const labelled_edges_max = 12;
const labelled_nodes_max = 30;
const rows_max = 16;
const golden_ratio = (Math.sqrt(5) - 1) / 2;
const value_length_max = 40;

type Links = Incident['attacks'][number]['links'];

/** Why two attacks belong together, the strongest reason first. */
const reasonOf = (links: Links): string =>
  links
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ kind, value, weight }) => {
      const shown = kind === 'person' ? ` ${value.slice(0, value_length_max)}` : '';
      return `${kind_titles[kind] ?? kind}${shown} (${weight.toFixed(2)})`;
    })
    .join('\n');

type Attacks = Incident['attacks'];

/** Attacks from left to right as they began, each source in a row of its own, and the links among them. */
function layOut(shown: Attacks) {
  const rows = new Map<string, number>();
  const ids = new Set(shown.map(({ attack_id }) => attack_id));
  const nodes = shown.map((attack) => {
    const is_first = !rows.has(attack.source);
    if (is_first) rows.set(attack.source, rows.size);
    const label = is_first ? attack.source : attack.service;
    return { attack, row: rows.get(attack.source)!, label };
  });
  const edges = shown.flatMap(({ attack_id, links }) =>
    [...Map.groupBy(links, ({ to }) => to)]
      .filter(([to]) => ids.has(to))
      .map(([to, list]) => ({ source: attack_id, target: to, told: reasonOf(list) })),
  );
  // Rows of many sources, each met once, would make one line from corner to corner: these are strewn.
  const height = Math.min(rows.size, rows_max);
  const heightOf = (row: number): number =>
    rows.size <= rows_max ? row : ((row * golden_ratio) % 1) * (rows_max - 1);
  return {
    nodes: nodes.map(({ row, ...node }, index) => ({ ...node, place: [index, heightOf(row)] as const })),
    edges,
    rows: height,
  };
}

function colorOf(stage: string, colors: ReturnType<typeof chartColors>): string {
  const rank = stageRank(stage);
  if (rank >= stageRank('brought a tool')) return colors.high;
  return rank >= stageRank('got in') ? colors.low : colors.land;
}

export function IncidentGraph({ attacks }: { attacks: Incident['attacks'] }) {
  const navigate = useNavigate();
  const { nodes, edges, rows } = useMemo(() => layOut(attacks.slice(0, nodes_max)), [attacks]);
  const option = useCallback(
    (colors: ReturnType<typeof chartColors>) => ({
      // Not as markup: values come from attackers.
      tooltip: {
        renderMode: 'richText',
        formatter: ({ data }: { data: { told: string } }) => data.told,
      },
      grid: { left: 50, right: 50, top: 24, bottom: 24 },
      xAxis: { type: 'value', show: false, min: -0.5, max: Math.max(nodes.length - 0.5, 0.5) },
      yAxis: { type: 'value', show: false, inverse: true, min: -0.5, max: rows - 0.5 },
      series: [
        {
          type: 'graph',
          coordinateSystem: 'cartesian2d',
          data: nodes.map(({ attack, place, label }) => ({
            name: attack.attack_id,
            value: place,
            told: `${attack.source}, ${attack.service || 'service not known'}: ${attack.stage}`,
            symbolSize: 7 + Math.min(12, Math.log2(1 + attack.events)),
            itemStyle: { color: colorOf(attack.stage, colors), borderColor: colors.text },
            label: {
              show: nodes.length <= labelled_nodes_max && label !== '',
              formatter: label,
              // Neighbours of one row take turns, so that their words do not lie on each other.
              position: place[0] % 2 === 0 ? 'top' : 'bottom',
              color: colors.text,
              fontSize: 11,
            },
          })),
          edges: edges.map((edge) => ({
            ...edge,
            label: {
              show: edges.length <= labelled_edges_max,
              formatter: edge.told.split('\n')[0],
              color: colors.text,
              fontSize: 10,
            },
          })),
          lineStyle: { color: colors.text, opacity: 0.5, curveness: 0.25 },
        },
      ],
    }),
    [nodes, edges, rows],
  );
  const open = ({ name }: ChartClick): void => {
    if (nodes.some(({ attack }) => attack.attack_id === name))
      void navigate({ to: '/attacks/$id', params: { id: name! } });
  };
  return (
    <>
      <Chart
        option={option}
        height={100 + rows * 20}
        label={`What links ${nodes.length} attacks: ${edges.length} links, which the table of attacks tells too`}
        onClick={open}
      />
      {attacks.length > nodes_max && (
        <Text size="xs" c="dimmed">
          The first {nodes_max} of them.
        </Text>
      )}
    </>
  );
}
