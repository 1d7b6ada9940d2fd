/** Events over time by sensor, and below, on the same axis, where sensors were silent or lost something. */
import type { Overview, Stretch } from '@apiary/model/api/overview.ts';
import { others_color, series_colors } from '@apiary/model/report-chart.ts';
import { Tooltip } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import type { Search } from '../search.ts';
import { condition_colors } from '../theme.ts';
import type { ChartClick } from './chart.tsx';
import type { Names } from './names.ts';
import { showLocal, showSpan } from './time.tsx';

const Chart = lazy(() => import('./chart.tsx').then((module) => ({ default: module.Chart })));
const number = new Intl.NumberFormat('en');

/** Where the plot begins and ends within its box; the lanes below keep to it. */
const left = 96;
const right = 12;
const lanes_max = 12;
/** A tooltip cannot leave its canvas. */
const tooltip_rows_max = 7;

interface Series {
  name: string;
  color: string;
  events: number;
  /** What leads to its events; absent for "others". */
  sensor_id: number | null;
  points: [number, number][];
}

/** Begins of all buckets of the period: a stack needs a value of each series in each of them. */
function listBuckets({ period, bucket_seconds }: Overview): number[] {
  const width = bucket_seconds * 1000;
  const first = Math.floor(Date.parse(period.from) / width);
  const end = Math.ceil(Date.parse(period.to) / width);
  return Array.from({ length: end - first }, (_, index) => (first + index) * width);
}

/** A sensor keeps its colour from filter to filter, unless another one in the plot has it already. */
function pickColors(sensor_ids: number[]): Map<number, string> {
  const colors = new Map<number, string>();
  const taken = new Set<number>();
  for (const id of sensor_ids.toSorted((a, b) => a - b)) {
    let index = (id - 1) % series_colors.length;
    while (taken.has(index)) index = (index + 1) % series_colors.length;
    taken.add(index);
    colors.set(id, series_colors[index]!);
  }
  return colors;
}

/** The busiest sensors each by itself, the rest together. */
export function makeSeries(overview: Overview, names: Names): Series[] {
  const sums = overview.timeline
    .map(({ sensor_id, points }) => ({
      sensor_id,
      points: points.map(([time, events]): [number, number] => [Date.parse(time), events]),
      events: points.reduce((sum, [, events]) => sum + events, 0),
    }))
    .sort((a, b) => b.events - a.events);
  const alone = sums.length <= series_colors.length ? sums.length : series_colors.length - 1;
  const colors = pickColors(sums.slice(0, alone).map(({ sensor_id }) => sensor_id));
  const series: Series[] = sums.slice(0, alone).map((one) => ({
    ...one,
    name: names.sensor(one.sensor_id),
    color: colors.get(one.sensor_id)!,
  }));
  const rest = sums.slice(alone);
  if (rest.length > 0) {
    const points = new Map<number, number>();
    for (const [time, events] of rest.flatMap((one) => one.points))
      points.set(time, (points.get(time) ?? 0) + events);
    series.push({
      name: `${rest.length} others`,
      color: others_color,
      events: rest.reduce((sum, one) => sum + one.events, 0),
      sensor_id: null,
      points: [...points],
    });
  }
  const buckets = listBuckets(overview);
  for (const one of series) {
    const counts = new Map(one.points);
    one.points = buckets.map((time) => [time, counts.get(time) ?? 0]);
  }
  return series;
}

const kind_words: Record<Stretch['kind'], string> = {
  quiet: 'quiet: nothing new came',
  missing: 'a source was missing',
  dead: 'the honeypot was gone',
  failing: 'a reader had an error',
  unknown: 'no heartbeat: not known',
  gap: 'records were lost (noticed then)',
  expired: 'expired: single events are gone, counts by day are left',
};

function Lanes({ overview, names }: { overview: Overview; names: Names }) {
  const from = Date.parse(overview.period.from);
  const whole = Date.parse(overview.period.to) - from;
  const by_sensor = Map.groupBy(overview.silences, ({ sensor_id }) => sensor_id);
  if (by_sensor.size === 0) return null;
  const lanes = [...by_sensor].slice(0, lanes_max);
  const kinds = [...new Set(overview.silences.map(({ kind }) => kind))];
  return (
    <div className="lanes" data-testid="silences">
      <div className="lanes-title">
        Silent or losing:{' '}
        {kinds.map((kind) => (
          <span key={kind} className="lane-kind">
            <span className="swatch" style={{ backgroundColor: condition_colors[kind] }} />
            {kind}
          </span>
        ))}
      </div>
      {lanes.map(([sensor_id, stretches]) => (
        <div className="lane" key={sensor_id}>
          <span className="lane-name" title={names.sensor(sensor_id)}>
            {names.sensor(sensor_id)}
          </span>
          <div className="lane-track">
            {stretches.map((stretch) => {
              const begin = Date.parse(stretch.from);
              const length = Date.parse(stretch.to) - begin;
              const words = `${names.sensor(sensor_id)}: ${kind_words[stretch.kind]}, ${showLocal(stretch.from)}${length > 0 ? ` for ${showSpan(length)}` : ''}${stretch.detail === '' ? '' : ` – ${stretch.detail}`}`;
              return (
                <Tooltip key={`${stretch.kind} ${stretch.from}`} label={words}>
                  <Link
                    to="/sensors"
                    aria-label={words}
                    className={`stretch ${stretch.kind}`}
                    style={{
                      left: `${((begin - from) / whole) * 100}%`,
                      width: `max(3px, ${(length / whole) * 100}%)`,
                      backgroundColor: condition_colors[stretch.kind],
                    }}
                  />
                </Tooltip>
              );
            })}
          </div>
        </div>
      ))}
      {by_sensor.size > lanes.length && (
        <Link to="/sensors" className="lanes-title">
          and {by_sensor.size - lanes.length} more
        </Link>
      )}
    </div>
  );
}

/** Says in words that a sensor is silent at the end of the period: its low bar there is no calm. */
function SilentMark({ overview, sensor_id }: { overview: Overview; sensor_id: number | null }) {
  const end = Date.parse(overview.period.to);
  const last = overview.silences.findLast(
    (stretch) => stretch.sensor_id === sensor_id && stretch.kind !== 'gap' && Date.parse(stretch.to) >= end,
  );
  if (last === undefined) return null;
  return (
    <Link to="/sensors" className="silent-mark" style={{ color: condition_colors[last.kind] }}>
      {last.kind}
    </Link>
  );
}

interface TimelineProps {
  overview: Overview;
  search: Search;
  names: Names;
}

export function Timeline({ overview, search, names }: TimelineProps) {
  const navigate = useNavigate();
  const series = useMemo(() => makeSeries(overview, names), [overview, names]);
  const width_ms = overview.bucket_seconds * 1000;
  const from = Date.parse(overview.period.from);
  const to = Date.parse(overview.period.to);
  const option = useCallback(
    (colors: { text: string; line: string; panel: string }) => ({
      grid: { left, right, top: 12, bottom: 24 },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'shadow' },
        // Rich text, not HTML: names may be anything, and inline styles are refused.
        renderMode: 'richText',
        confine: true,
        backgroundColor: colors.panel,
        borderColor: colors.line,
        textStyle: { color: colors.text, fontSize: 12 },
        formatter: (rows: { seriesName: string; value: [number, number] }[]) => {
          const time = rows[0]?.value[0] ?? 0;
          const begin = time - width_ms / 2;
          const counted = rows.filter((row) => row.value[1] > 0).toSorted((a, b) => b.value[1] - a.value[1]);
          const lines = counted
            .slice(0, tooltip_rows_max)
            .map((row) => `${number.format(row.value[1])}  ${row.seriesName}`);
          const rest = counted.length - lines.length;
          const more = rest > 0 ? [`… and ${rest} more`] : [];
          return [`${showLocal(begin)} · ${showSpan(width_ms)}`, ...lines, ...more].join('\n');
        },
      },
      xAxis: {
        type: 'time',
        min: from,
        max: to,
        axisLine: { lineStyle: { color: colors.line } },
        axisLabel: { color: colors.text, fontSize: 11, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitLine: { lineStyle: { color: colors.line } },
        axisLabel: {
          color: colors.text,
          fontSize: 11,
          formatter: (value: number) => new Intl.NumberFormat('en', { notation: 'compact' }).format(value),
        },
      },
      series: series.map(({ name, color, points }) => ({
        name,
        type: 'bar',
        stack: 'events',
        color,
        large: false,
        barCategoryGap: '10%',
        // A bar stands over the middle of its bucket.
        data: points.map(([time, events]) => [time + width_ms / 2, events]),
        cursor: 'pointer',
      })),
    }),
    [series, from, to, width_ms],
  );
  const openEvents = (event: ChartClick): void => {
    const [middle] = event.value as [number, number];
    const sensor = series.find(({ name }) => name === event.seriesName)?.sensor_id;
    const begin = Math.max(middle - width_ms / 2, from);
    void navigate({
      to: '/events',
      search: {
        ...search,
        last: undefined,
        vantage: 'honeypot',
        from: new Date(begin).toISOString(),
        to: new Date(Math.min(middle + width_ms / 2, to)).toISOString(),
        ...(sensor == null ? {} : { sensor: String(sensor) }),
      },
    });
  };
  return (
    <>
      <Suspense fallback={<div className="chart-space" style={{ height: 240 }} />}>
        <Chart
          option={option}
          height={240}
          label={`Events over time by sensor, ${showSpan(width_ms)} a bar. The same numbers stand in the list below.`}
          onClick={openEvents}
        />
      </Suspense>
      <Lanes overview={overview} names={names} />
      <ul className="legend">
        {series.map((one) => (
          <li key={one.name}>
            <span className="swatch" style={{ backgroundColor: one.color }} />
            {one.sensor_id === null ? (
              <span>
                {one.name} <span className="figure">{number.format(one.events)}</span>
              </span>
            ) : (
              <Link to="/events" search={{ ...search, vantage: 'honeypot', sensor: String(one.sensor_id) }}>
                {one.name} <span className="figure">{number.format(one.events)}</span>
              </Link>
            )}
            <SilentMark overview={overview} sensor_id={one.sensor_id} />
          </li>
        ))}
      </ul>
    </>
  );
}
