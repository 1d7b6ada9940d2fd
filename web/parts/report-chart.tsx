/** The chart of a report, and its download as a picture with title, period and source in it. */
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { chartOption } from '@apiary/model/report-chart.ts';
import { Button, Group } from '@mantine/core';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { LegendComponent, MarkLineComponent, TitleComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useCallback } from 'react';
import type { Search } from '../search.ts';
import { Chart, chartColors } from './chart.tsx';
import { showLocal, zone } from './time.tsx';
import { WorldMap } from './world-map.tsx';

use([
  BarChart,
  LineChart,
  HeatmapChart,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  VisualMapComponent,
  SVGRenderer,
]);

const heights = { table: 0, map: 0, bar: 420, line: 320, series: 340, heat: 420 } as const;
/** A field grows with its rows, so that each has a name that can be read. */
const heat_row = 17;
const heat_rest = 110;
const picture = { width: 1280, height: 720 };

interface ReportChartProps {
  answer: ReportAnswer;
  show: (cell: Cell, column: number) => string;
  search: Search;
}

const describeFilter = (search: Search): string =>
  Object.entries(search)
    .filter(([name]) => !['last', 'from', 'to'].includes(name))
    .map(([name, value]) => `${name}: ${[value].flat().join(' or ')}`)
    .join('; ');

function save(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Draws the chart anew, light and large, with what it is about written into it. */
function draw({ answer, show, search }: ReportChartProps, renderer: 'svg' | 'canvas'): string {
  const { report, period } = answer;
  const colors = chartColors('light');
  const chart = init(document.createElement('div'), null, { renderer, ...picture });
  const filter = describeFilter(search);
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    ...chartOption(answer, colors, show),
    title: {
      text: report.title,
      subtext: `${showLocal(period.from)} – ${showLocal(period.to)} ${zone}${filter === '' ? '' : ` · ${filter}`} · Apiary, ${report.id}`,
      left: 12,
      top: 8,
    },
    grid: {
      left: 16,
      right: 28,
      top: 110,
      bottom: report.chart.kind === 'heat' ? 70 : 16,
      containLabel: true,
    },
    legend: { top: 70, type: 'scroll' },
  });
  const url = chart.getDataURL({ type: renderer === 'svg' ? 'svg' : 'png', pixelRatio: 2 });
  chart.dispose();
  return url;
}

function heightOf({ report, rows }: ReportAnswer): number {
  const least = heights[report.chart.kind];
  if (report.chart.kind !== 'heat') return least;
  const side = report.columns.findIndex(({ name }) => name === report.chart.y[0]);
  return Math.max(least, heat_rest + heat_row * new Set(rows.map((row) => row[side])).size);
}

export function ReportChart(props: ReportChartProps) {
  const { answer, show, search } = props;
  const { report } = answer;
  const option = useCallback(
    (colors: ReturnType<typeof chartColors>) => ({
      ...chartOption(answer, colors, show),
    }),
    [answer, show],
  );
  if (report.chart.kind === 'map') {
    const at = report.columns.findIndex(({ name }) => name === report.chart.x);
    const value = report.columns.findIndex(({ name }) => name === report.chart.y[0]);
    const countries = answer.rows.map((row) => ({ value: String(row[at]), events: Number(row[value]) }));
    return <WorldMap countries={countries} search={search} />;
  }
  const name = report.id.replace('/', '-');
  return (
    <>
      <Chart
        option={option}
        height={heightOf(answer)}
        label={`${report.title}. The same numbers stand in the table below.`}
      />
      <Group gap={4} justify="flex-end">
        <Button size="compact-xs" variant="subtle" onClick={() => save(`${name}.png`, draw(props, 'canvas'))}>
          PNG
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={() => save(`${name}.svg`, draw(props, 'svg'))}>
          SVG
        </Button>
      </Group>
    </>
  );
}
