/**
 * Local reports: a submodule's `reports/*.sql`. A file begins with
 *
 *     -- title: Top passwords
 *     -- question: what it answers, and how to read it
 *     -- column: password = the password that was tried      (one line for each column, in their order)
 *     -- chart: bar password attempts                        (or: line day attempts successes; or: table)
 *
 * followed by one SELECT over the submodule's record tables by their plain names, with the parameters
 * {from:DateTime64(6)}, {to:DateTime64(6)} (exclusive) and {sensors:Array(UInt32)} (the ids, never empty). It
 * sorts by all that makes its rows distinct, so that every engine gives the same rows, and has a LIMIT.
 */
import assert from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Submodule } from '@apiary/model/submodule.ts';

export const chart_kinds = ['table', 'bar', 'line'] as const;
export type ChartKind = (typeof chart_kinds)[number];

export interface LocalReport {
  /** The file's name without `.sql`. */
  name: string;
  title: string;
  question: string;
  columns: { name: string; meaning: string }[];
  /** `x` and at least one of `y` are names of columns; a table has neither. */
  chart: { kind: ChartKind; x: string; y: string[] };
  sql: string;
}

const parameters = ['{from:DateTime64(6)}', '{to:DateTime64(6)}', '{sensors:Array(UInt32)}'];

/** All reports of a submodule, by name. A header that is wrong is our own mistake: an assertion. */
export function readReports(submodule: Submodule): LocalReport[] {
  const folder = new URL('reports/', submodule.folder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseReport(file.slice(0, -4), readFileSync(new URL(file, folder), 'utf8')));
}

export function parseReport(name: string, text: string): LocalReport {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('-- '));
  const fields = lines.slice(0, end).map((line) => {
    const match = /^-- (title|question|column|chart): (.+)$/.exec(line);
    assert(match, `report ${name}: the header line is not understood: ${line}`);
    return { field: match[1] as string, value: match[2] as string };
  });
  const one = (field: string): string => {
    const values = fields.filter((entry) => entry.field === field);
    assert.equal(values.length, 1, `report ${name}: the header needs one ${field}`);
    return values[0]?.value as string;
  };
  const columns = fields
    .filter(({ field }) => field === 'column')
    .map(({ value }) => {
      const [column = '', ...meaning] = value.split(' = ');
      assert(meaning.length > 0, `report ${name}: "column: NAME = MEANING" expected, not ${value}`);
      return { name: column, meaning: meaning.join(' = ') };
    });
  const sql = lines.slice(end).join('\n').trim();
  for (const parameter of parameters) assert(sql.includes(parameter), `report ${name} ignores ${parameter}`);
  const chart = parseChart(name, one('chart'), columns);
  return { name, title: one('title'), question: one('question'), columns, chart, sql };
}

function parseChart(name: string, text: string, columns: LocalReport['columns']): LocalReport['chart'] {
  const [kind, x = '', ...y] = text.split(' ');
  const known = chart_kinds.find((candidate) => candidate === kind);
  assert(known, `report ${name}: no such chart: ${text}`);
  for (const used of kind === 'table' ? [] : [x, ...y]) {
    assert(
      columns.some((column) => column.name === used),
      `report ${name}: the chart's ${used} is no column`,
    );
  }
  assert(kind === 'table' ? x === '' : y.length > 0, `report ${name}: "table", or a kind, x and y: ${text}`);
  return { kind: known, x, y };
}
