import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell, ReportAnswer } from './api/reports.ts';
import { chartOption, showsSilence } from './report-chart.ts';

const colors = { text: '', line: '', low: '', high: '' };
const answer = (kind: 'bar' | 'line', rows: Cell[][]): ReportAnswer =>
  ({
    report: { columns: [{ name: 'who' }, { name: 'many' }], chart: { kind, x: 'who', y: ['many'] } },
    kinds: ['text', 'number'],
    rows,
    silences: [],
  }) as unknown as ReportAnswer;

test('an axis of counts has whole numbers only, one of shares has not', () => {
  const intervalOf = (kind: 'bar' | 'line', axis: 'xAxis' | 'yAxis', values: Cell[]): unknown => {
    const rows = values.map((value, index): Cell[] => [`one ${index}`, value]);
    const option = chartOption(answer(kind, rows), colors, String) as Record<
      string,
      { minInterval?: number }
    >;
    return option[axis]?.minInterval;
  };
  assert.equal(intervalOf('bar', 'xAxis', [1, 1]), 1);
  assert.equal(intervalOf('line', 'yAxis', ['1', 2]), 1);
  assert.equal(intervalOf('bar', 'xAxis', [1, 0.4]), undefined);
  assert.equal(intervalOf('line', 'yAxis', [0.5, 1]), undefined);
});

test('labels are one line in which nothing hides, and characters are not cut in two', () => {
  const texts = ['', '\u001b[2J\u202etxt.exe', 'first\nsecond', `${'a'.repeat(38)}🐝🐝🐝`];
  const rows = texts.map((text): Cell[] => [text, 1]);
  const option = chartOption(answer('bar', rows), colors, String) as { yAxis: { data: string[] } };
  assert.deepEqual(option.yAxis.data.toReversed(), [
    'not known',
    '[ESC][2J[U+202E]txt.exe',
    'first[LF]second',
    `${'a'.repeat(38)}🐝…`,
  ]);
});

test('an axis of time shows where sensors were silent, lost something, or what was has expired', () => {
  const day = '2026-05-0';
  const stretch = (kind: string, sensor_id: number, from: string, to: string) => ({
    ...{ kind, sensor_id, detail: '', from: `${day}${from}:00:00Z`, to: `${day}${to}:00:00Z` },
  });
  const over_time = {
    ...answer('line', [[`${day}1T00:00:00Z`, 1]]),
    kinds: ['time', 'count'],
    period: { from: `${day}1T03:00:00Z`, to: `${day}5T00:00:00Z` },
    silences: [
      stretch('expired', 0, '1T00', '1T06'),
      stretch('quiet', 1, '2T00', '2T05'),
      stretch('unknown', 2, '2T04', '2T08'),
      stretch('missing', 1, '3T00', '3T01'),
      stretch('gap', 3, '4T00', '4T00'),
    ],
  } as unknown as ReportAnswer;
  const option = chartOption(over_time, colors, String) as {
    xAxis: { min: number; max: number };
    series: {
      markArea: { data: { xAxis: number }[][] };
      markLine: { data: { xAxis: number; label: object }[] };
    }[];
  };
  const at = (text: string): number => Date.parse(`${day}${text}:00:00Z`);
  // From the interval in which the period begins to its end.
  assert.deepEqual([option.xAxis.min, option.xAxis.max], [at('1T00'), at('5T00')]);
  const [first] = option.series;
  assert.deepEqual(
    first!.markArea.data.map((pair) => pair.map(({ xAxis }) => xAxis)),
    [
      [at('2T00'), at('2T08')],
      [at('3T00'), at('3T01')],
    ],
  );
  assert.deepEqual(
    first!.markLine.data.map(({ xAxis, label }) => [xAxis, (label as { formatter: string }).formatter]),
    [
      [at('1T06'), 'expired before'],
      [at('4T00'), 'lost'],
    ],
  );
  const whole = chartOption({ ...over_time, silences: [] }, colors, String) as { series: object[] };
  assert.deepEqual(Object.keys(whole.series[0]!).includes('markArea'), false);
  assert.deepEqual([showsSilence(over_time), showsSilence({ ...over_time, silences: [] })], [true, false]);
});
