/** The chart of a report, as an option of ECharts: the same in the pages and in exported reports. */
import type { Cell, ReportAnswer } from './api/reports.ts';
import { makeVisible } from './hostile-characters.ts';

export interface ChartColors {
  /** `#rrggbb` */
  text: string;
  line: string;
  low: string;
  high: string;
}

/** Distinct in light and dark; lines beyond them begin anew. */
export const series_colors = [
  '#e0a11b',
  '#3d8bd4',
  '#3fa66b',
  '#c9567c',
  '#8a6fd1',
  '#d4743b',
  '#2fa3a3',
  '#a8a03a',
  '#6f86c9',
  '#b0618f',
  '#7a9a3a',
  '#c98d6a',
] as const;
/** For all that have no colour of their own. */
export const others_color = '#8a8f98';

/** More of them than a picture is wide tell nothing. */
const silences_max = 300;
/** Bars beyond these are in the table. */
const bars_max = 30;
/** Lines of a series chart beyond these are summed as "others". */
const lines_max = 12;

type Option = Record<string, unknown>;

const isTime = (answer: ReportAnswer, column: string): boolean => {
  const kind = answer.kinds[placeOf(answer, column)];
  return kind === 'time' || kind === 'day';
};
const placeOf = (answer: ReportAnswer, column: string): number =>
  answer.report.columns.findIndex(({ name }) => name === column);

/** How a cell is written on an axis. */
export type ShowCell = (cell: Cell, column: number) => string;

/** @returns null for a report that is a table, or a map, which the pages draw themselves */
export function chartOption(answer: ReportAnswer, colors: ChartColors, showCell: ShowCell): Option | null {
  const { kind } = answer.report.chart;
  // A picture shows a text as it is: a line break in it would part a label, and a control makes an SVG that nothing opens.
  const show: ShowCell = (cell, column) => makeVisible(showCell(cell, column)) || 'not known';
  if (answer.rows.length === 0) return null;
  if (kind === 'bar') return barOption(answer, colors, show);
  if (kind === 'line') return markMissing(answer, colors, lineOption(answer, colors, show));
  if (kind === 'series') return markMissing(answer, colors, seriesOption(answer, colors, show));
  if (kind === 'heat') return heatOption(answer, colors, show);
  return null;
}

/** Whether the chart shows stretches in which a sensor was silent. */
export const showsSilence = (answer: ReportAnswer): boolean =>
  ['line', 'series'].includes(answer.report.chart.kind) &&
  isTime(answer, answer.report.chart.x) &&
  answer.silences.some(({ kind, from, to }) => kind !== 'expired' && from < to);

/** Stretches in which at least one sensor was silent or lost something, those that touch as one. */
function mergeSilences(answer: ReportAnswer): [from_ms: number, to_ms: number][] {
  const merged: [number, number][] = [];
  const spans = answer.silences
    .filter(({ kind }) => kind !== 'expired')
    .map(({ from, to }): [number, number] => [Date.parse(from), Date.parse(to)])
    .sort(([one], [other]) => one - other);
  for (const [from_ms, to_ms] of spans) {
    const last = merged.at(-1);
    if (last !== undefined && from_ms <= last[1]) last[1] = Math.max(last[1], to_ms);
    else merged.push([from_ms, to_ms]);
  }
  return merged;
}

/** On an axis of time what is not whole: where sensors were silent, moments of loss, and where what expired ends. */
function markMissing(answer: ReportAnswer, colors: ChartColors, option: Option): Option {
  const [first, ...others] = option.series as Option[];
  if (first === undefined || !isTime(answer, answer.report.chart.x)) return option;
  const expired = answer.silences.find((stretch) => stretch.kind === 'expired');
  const silences = mergeSilences(answer).slice(0, silences_max);
  const label = { color: colors.text };
  const markLine = {
    symbol: 'none',
    silent: true,
    lineStyle: { color: colors.text, type: 'dashed' },
    data: [
      ...(expired === undefined
        ? []
        : [{ xAxis: Date.parse(expired.to), label: { ...label, formatter: 'expired before' } }]),
      ...silences
        .filter(([from_ms, to_ms]) => from_ms === to_ms)
        .map(([from_ms]) => ({ xAxis: from_ms, label: { ...label, formatter: 'lost' } })),
    ],
  };
  const markArea = {
    silent: true,
    // With an edge, so that a minute of a month is seen too; what it means stands beside the chart.
    itemStyle: { color: `${colors.text}20`, borderColor: `${colors.text}60`, borderWidth: 1 },
    data: silences
      .filter(([from_ms, to_ms]) => from_ms < to_ms)
      .map(([from_ms, to_ms]) => [{ xAxis: from_ms }, { xAxis: to_ms }]),
  };
  const marks = {
    ...(markLine.data.length > 0 && { markLine }),
    ...(markArea.data.length > 0 && { markArea }),
  };
  return { ...option, series: [{ ...first, ...marks }, ...others] };
}

const axis = (colors: ChartColors): Option => ({
  axisLabel: { color: colors.text, hideOverlap: true },
  axisLine: { lineStyle: { color: colors.line } },
  splitLine: { lineStyle: { color: colors.line } },
});

/** Counts have no halves: between two of them there is no tick. */
const valueAxis = (colors: ChartColors, values: readonly unknown[]): Option => ({
  type: 'value',
  ...(values.every((value) => Number.isInteger(Number(value))) ? { minInterval: 1 } : {}),
  ...axis(colors),
});

const grid = { left: 8, right: 24, top: 32, bottom: 8, containLabel: true };

function barOption(answer: ReportAnswer, colors: ChartColors, show: ShowCell): Option {
  const { x, y } = answer.report.chart;
  const at = placeOf(answer, x);
  const value = placeOf(answer, y[0]!);
  const rows = answer.rows.slice(0, bars_max).toReversed();
  return {
    grid: { ...grid, top: 8 },
    tooltip: { trigger: 'item' },
    xAxis: valueAxis(
      colors,
      rows.map((row) => row[value]),
    ),
    yAxis: {
      type: 'category',
      data: rows.map((row) => shorten(show(row[at]!, at))),
      ...axis(colors),
      splitLine: { show: false },
    },
    series: [
      {
        type: 'bar',
        name: y[0],
        data: rows.map((row) => row[value]),
        itemStyle: { color: colors.high },
        barMaxWidth: 18,
      },
    ],
  };
}

/** Axes hold a line of text; the whole value stands in the table. */
function shorten(text: string): string {
  const characters = [...text];
  return characters.length > 40 ? `${characters.slice(0, 39).join('')}…` : text;
}

function xAxisOf(answer: ReportAnswer, colors: ChartColors, labels: string[]): Option {
  if (!isTime(answer, answer.report.chart.x))
    return { type: 'category', data: labels, ...axis(colors), splitLine: { show: false } };
  // The whole period, also where nothing came: a sensor that was silent at its end is seen so.
  const at = placeOf(answer, answer.report.chart.x);
  const times = answer.rows.map((row) => Date.parse(String(row[at])));
  const [from_ms, to_ms] = [Date.parse(answer.period.from), Date.parse(answer.period.to)];
  return {
    type: 'time',
    min: times.reduce((least, ms) => Math.min(least, ms), from_ms),
    max: times.reduce((most, ms) => Math.max(most, ms), to_ms),
    ...axis(colors),
    splitLine: { show: false },
  };
}

function lineOption(answer: ReportAnswer, colors: ChartColors, show: ShowCell): Option {
  const { x, y } = answer.report.chart;
  const at = placeOf(answer, x);
  const labels = answer.rows.map((row) => show(row[at]!, at));
  return {
    grid,
    legend: { textStyle: { color: colors.text }, type: 'scroll', top: 0 },
    tooltip: { trigger: 'axis' },
    xAxis: xAxisOf(answer, colors, labels),
    yAxis: valueAxis(
      colors,
      y.flatMap((name) => answer.rows.map((row) => row[placeOf(answer, name)])),
    ),
    color: [...series_colors],
    series: y.map((name) => {
      const value = placeOf(answer, name);
      return {
        type: 'line',
        name,
        showSymbol: answer.rows.length < 40,
        data: answer.rows.map((row, index) => [isTime(answer, x) ? row[at] : labels[index], row[value]]),
      };
    }),
  };
}

function seriesOption(answer: ReportAnswer, colors: ChartColors, show: ShowCell): Option {
  const { x, y } = answer.report.chart;
  const [at, value, by] = [placeOf(answer, x), placeOf(answer, y[0]!), placeOf(answer, y[1]!)];
  const totals = new Map<string, number>();
  for (const row of answer.rows) {
    const name = show(row[by]!, by);
    totals.set(name, (totals.get(name) ?? 0) + Number(row[value]));
  }
  const kept = new Set(
    [...totals]
      .sort((one, other) => other[1] - one[1])
      .slice(0, lines_max)
      .map(([name]) => name),
  );
  const times = [...new Set(answer.rows.map((row) => String(row[at])))].sort();
  const lines = new Map<string, Map<string, number>>();
  for (const row of answer.rows) {
    const shown = show(row[by]!, by);
    const name = kept.has(shown) ? shown : 'others';
    const line = lines.get(name) ?? new Map<string, number>();
    const time = String(row[at]);
    line.set(time, (line.get(time) ?? 0) + Number(row[value]));
    lines.set(name, line);
  }
  return {
    grid,
    legend: { textStyle: { color: colors.text }, type: 'scroll', top: 0 },
    tooltip: { trigger: 'axis' },
    xAxis: xAxisOf(answer, colors, times),
    yAxis: valueAxis(
      colors,
      answer.rows.map((row) => row[value]),
    ),
    color: [...series_colors],
    series: [...lines].map(([name, line]) => ({
      type: 'bar',
      ...(name === 'others' && { itemStyle: { color: others_color } }),
      stack: 'all',
      name: name === '' ? 'not known' : name,
      barMaxWidth: 24,
      data: times.map((time) => [time, line.get(time) ?? 0]),
    })),
  };
}

function heatOption(answer: ReportAnswer, colors: ChartColors, show: ShowCell): Option {
  const { x, y } = answer.report.chart;
  const [at, side, value] = [placeOf(answer, x), placeOf(answer, y[0]!), placeOf(answer, y[1]!)];
  const across = [...new Set(answer.rows.map((row) => row[at]!))].sort(order).map((cell) => show(cell, at));
  const down = [...new Set(answer.rows.map((row) => show(row[side]!, side)))].toReversed();
  const most = Math.max(...answer.rows.map((row) => Number(row[value])));
  return {
    grid: { ...grid, bottom: 56 },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'category', data: across, ...axis(colors) },
    yAxis: { type: 'category', data: down, ...axis(colors) },
    visualMap: {
      min: 0,
      max: most,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      textStyle: { color: colors.text },
      inRange: { color: [colors.low, colors.high] },
    },
    series: [
      {
        type: 'heatmap',
        data: answer.rows.map((row) => [show(row[at]!, at), show(row[side]!, side), row[value]]),
      },
    ],
  };
}

const order = (one: Cell, other: Cell): number =>
  typeof one === 'number' && typeof other === 'number' ? one - other : String(one) < String(other) ? -1 : 1;
