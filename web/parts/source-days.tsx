/** When a source came: its events by day over the whole period. */
import type { Source } from '@apiary/model/api/sessions.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from '../search.ts';
import { Chart, type ChartClick, type chartColors } from './chart.tsx';

const number = new Intl.NumberFormat('en');
const day_ms = 86_400_000;
const height = 150;

export function SourceDays({ data, search }: { data: Source; search: Search }) {
  const navigate = useNavigate();
  const { days, period } = data;
  const option = useCallback(
    (colors: ReturnType<typeof chartColors>) => {
      const axis = {
        axisLabel: { color: colors.text, hideOverlap: true },
        axisLine: { lineStyle: { color: colors.line } },
        splitLine: { lineStyle: { color: colors.line } },
      };
      return {
        grid: { left: 8, right: 16, top: 10, bottom: 4, containLabel: true },
        tooltip: {
          trigger: 'axis',
          renderMode: 'richText',
          confine: true,
          backgroundColor: colors.panel,
          borderColor: colors.line,
          textStyle: { color: colors.text, fontSize: 12 },
          formatter: ([row]: { value: [number, number] }[]) =>
            row === undefined
              ? ''
              : `${new Date(row.value[0]).toISOString().slice(0, 10)} UTC: ${countOf(row.value[1], 'event', undefined, number.format)}`,
        },
        xAxis: {
          ...{ type: 'time', ...axis, splitLine: { show: false } },
          min: Math.floor(Date.parse(period.from) / day_ms) * day_ms,
          max: Date.parse(period.to),
        },
        yAxis: { type: 'value', minInterval: 1, ...axis },
        series: [
          {
            type: 'bar',
            barMaxWidth: 14,
            barMinWidth: 2,
            itemStyle: { color: colors.high },
            data: days.map(([day, events]) => [Date.parse(day), events]),
          },
        ],
      };
    },
    [days, period],
  );
  const openDay = ({ value }: ChartClick): void => {
    const begin_ms = (value as [number, number])[0];
    const from = new Date(Math.max(begin_ms, Date.parse(period.from))).toISOString();
    const to = new Date(Math.min(begin_ms + day_ms, Date.parse(period.to))).toISOString();
    void navigate({ to: '/events', search: { ...search, last: undefined, from, to } });
  };
  const [day, most] = days.reduce((best, one) => (one[1] > best[1] ? one : best));
  return (
    <Chart
      option={option}
      height={height}
      label={`Events by day: on ${days.length} days of the period, most on ${day}, ${countOf(most, 'event', undefined, number.format)}.`}
      onClick={openDay}
    />
  );
}
