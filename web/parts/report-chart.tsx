/** The chart of a report, and its download as a picture with title, period and source in it. */
import type { Counted } from '@apiary/model/api/overview.ts';
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { makeVisible } from '@apiary/model/hostile-characters.ts';
import { chartOption, showsSilence } from '@apiary/model/report-chart.ts';
import { Button, Group } from '@mantine/core';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import {
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useCallback, useMemo } from 'react';
import { listOf, type Search } from '../search.ts';
import { Chart, chartColors } from './chart.tsx';
import { type Names, useNames } from './names.ts';
import { showLocal, zone } from './time.tsx';
import { mapOption, WorldMap } from './world-map.tsx';

use([
  BarChart,
  LineChart,
  HeatmapChart,
  LegendComponent,
  MarkAreaComponent,
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
/** Of a picture: the title, and the period and the filter in up to three lines. */
const title_height = 130;
const number = new Intl.NumberFormat('en');

interface ReportChartProps {
  answer: ReportAnswer;
  show: (cell: Cell, column: number) => string;
  search: Search;
}

/** A picture has room for so much of it. */
const filter_characters_max = 300;

function describeFilter(search: Search, names: Names): string {
  const name_of = { sensor: names.sensor, honeypot: names.honeypot, honeynet: names.honeynet };
  const show = (name: string, value: string): string =>
    name in name_of
      ? value
          .split(',')
          .map((id) => name_of[name as keyof typeof name_of](Number(id)))
          .join(' or ')
      : value === ''
        ? 'not known'
        : value;
  const words = Object.entries(search)
    .filter(([name, value]) => value !== undefined && !['last', 'from', 'to'].includes(name))
    .map(
      ([name, value]) =>
        `${name.replaceAll('_', ' ')}: ${listOf(value)
          .map((one) => show(name, one))
          .join(' or ')}`,
    );
  const characters = [...makeVisible(words.join('; '))];
  const is_cut = characters.length > filter_characters_max;
  return `${characters.slice(0, filter_characters_max).join('')}${is_cut ? '…' : ''}`;
}

const countriesIn = ({ report, rows }: ReportAnswer): Counted[] => {
  const at = report.columns.findIndex(({ name }) => name === report.chart.x);
  const value = report.columns.findIndex(({ name }) => name === report.chart.y[0]);
  return rows.map((row) => ({ value: String(row[at]), events: Number(row[value]) }));
};

/** The map with room for the title, and what its colours mean. */
function mapPicture(answer: ReportAnswer, colors: ReturnType<typeof chartColors>) {
  const { visualMap, series, ...rest } = mapOption(countriesIn(answer), colors);
  return {
    ...rest,
    visualMap: {
      ...visualMap,
      show: true,
      left: 16,
      bottom: 16,
      textStyle: { color: colors.text },
      text: [`${number.format(Math.round(10 ** visualMap.max))} ${answer.report.chart.y[0]}`, '1'],
    },
    // The mark of a legend, of which a map has none.
    series: series.map((one) => ({ ...one, top: title_height, bottom: 16, showLegendSymbol: false })),
  };
}

function save(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Draws the chart anew, light and large, with what it is about written into it. */
function draw({ answer, show, search }: ReportChartProps, names: Names, renderer: 'svg' | 'canvas'): string {
  const { report, period } = answer;
  const colors = chartColors('light');
  const chart = init(document.createElement('div'), null, { renderer, ...picture });
  const filter = describeFilter(search, names);
  const is_map = report.chart.kind === 'map';
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    ...(is_map ? mapPicture(answer, colors) : chartOption(answer, colors, show)),
    title: {
      text: report.title,
      subtext: `${showLocal(period.from)} – ${showLocal(period.to)} ${zone}${filter === '' ? '' : ` · ${filter}`}${showsSilence(answer) ? ' · grey: a sensor was silent' : ''} · Apiary, ${report.id}`,
      subtextStyle: { color: colors.text, width: picture.width - 32, overflow: 'break' },
      left: 12,
      top: 8,
    },
    grid: {
      left: 16,
      right: 28,
      top: title_height,
      bottom: report.chart.kind === 'heat' ? 70 : 16,
      containLabel: true,
    },
    legend: { top: title_height - 40, type: 'scroll' },
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
  const names = useNames();
  const option = useCallback(
    (colors: ReturnType<typeof chartColors>) => ({
      ...chartOption(answer, colors, show),
    }),
    [answer, show],
  );
  const countries = useMemo(() => countriesIn(answer), [answer]);
  const name = report.id.replace('/', '-');
  return (
    <>
      {report.chart.kind === 'map' ? (
        <WorldMap countries={countries} search={search} />
      ) : (
        <Chart
          option={option}
          height={heightOf(answer)}
          label={`${report.title}. The same numbers stand in the table below.`}
        />
      )}
      <Group gap={4} justify="flex-end">
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => save(`${name}.png`, draw(props, names, 'canvas'))}
        >
          PNG
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => save(`${name}.svg`, draw(props, names, 'svg'))}
        >
          SVG
        </Button>
      </Group>
    </>
  );
}
