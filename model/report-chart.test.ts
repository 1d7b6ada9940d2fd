import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell, ReportAnswer } from './api/reports.ts';
import { chartOption } from './report-chart.ts';

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
  const texts = ['\u001b[2J\u202etxt.exe', 'first\nsecond', `${'a'.repeat(38)}🐝🐝🐝`];
  const rows = texts.map((text): Cell[] => [text, 1]);
  const option = chartOption(answer('bar', rows), colors, String) as { yAxis: { data: string[] } };
  assert.deepEqual(option.yAxis.data.toReversed(), [
    '[ESC][2J[U+202E]txt.exe',
    'first[LF]second',
    `${'a'.repeat(38)}🐝…`,
  ]);
});
