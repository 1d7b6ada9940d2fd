/**
 * Reports: a question, a query, columns, a chart, and a sentence on how to read it. A report is a SQL file that
 * begins with
 *
 *     -- title: Top passwords
 *     -- question: what it answers, and how to read it
 *     -- group: Credentials                               (global reports: the heading of the menu)
 *     -- column: password = the password that was tried   (one line for each column, in their order)
 *     -- link: source=attacker_ip                         (columns that are a column of the events under another name)
 *     -- beside: url                                       (columns with a link that tell more of a row, by which it is not counted)
 *     -- only: action=authenticate outcome=success         (what its SQL asks of the events itself, so that links do too)
 *     -- chart: bar password attempts                     (or: line day attempts successes; see `chart_kinds`)
 *     -- vantage: any                                     (global reports: not the honeypots' view alone)
 *
 * followed by one SELECT that sorts by all that makes its rows distinct, so that every engine gives the same rows,
 * and has a LIMIT. A column named as a column of the events links its values to those events by itself; `sensor`
 * holds the number of a sensor.
 */
import assert from 'node:assert';
import { equal_columns } from './filter-columns.ts';
import { type ChartKind, chart_kinds } from './report-kinds.ts';

export interface ReportColumn {
  name: string;
  meaning: string;
  /** The column of the events, or `sensor`, whose values these are. */
  link?: string;
  /** Tells more of a row, which is not counted by its value. */
  beside?: true;
}

export interface ReportChart {
  kind: ChartKind;
  /** '' for a table. */
  x: string;
  y: string[];
}

export interface ReportText {
  /** The file's name without `.sql`. */
  name: string;
  title: string;
  question: string;
  group: string;
  columns: ReportColumn[];
  chart: ReportChart;
  /** Columns of the events by which it narrows them itself: whoever looks at what it counted does so too. */
  only: Record<string, string>;
  /** Whether it counts every vantage, and not the honeypots' alone. */
  any_vantage: boolean;
  sql: string;
}

const columns_of_charts: Record<ChartKind, [least: number, most: number]> = {
  table: [0, 0],
  bar: [1, 1],
  line: [1, 10],
  series: [2, 2],
  heat: [2, 2],
  map: [1, 1],
};

/** @throws an assertion for a header that is wrong: the file is our own */
export function parseReport(name: string, text: string): ReportText {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('-- '));
  const fields = lines.slice(0, end).map((line) => {
    const match = /^-- (title|question|group|column|link|beside|only|chart|vantage): (.+)$/.exec(line);
    assert(match, `report ${name}: the header line is not understood: ${line}`);
    return { field: match[1] as string, value: match[2] as string };
  });
  const all = (field: string): string[] =>
    fields.filter((entry) => entry.field === field).map(({ value }) => value);
  const one = (field: string, otherwise?: string): string => {
    const values = all(field);
    if (values.length === 0 && otherwise !== undefined) return otherwise;
    assert.equal(values.length, 1, `report ${name}: the header needs one ${field}`);
    return values[0] as string;
  };
  const links = readLinks(name, one('link', ''));
  const beside = one('beside', '')
    .split(' ')
    .filter((word) => word !== '');
  const columns = all('column').map((value): ReportColumn => {
    const [column = '', ...meaning] = value.split(' = ');
    assert(meaning.length > 0, `report ${name}: "column: NAME = MEANING" expected, not ${value}`);
    const link = links.get(column) ?? (isLinkable(column) ? column : undefined);
    return {
      ...{ name: column, meaning: meaning.join(' = '), ...(link !== undefined && { link }) },
      ...(beside.includes(column) && { beside: true }),
    };
  });
  for (const column of beside)
    assert(
      columns.some((one) => one.name === column && one.link !== undefined),
      `report ${name}: ${column} is no column with a link`,
    );
  for (const linked of links.keys())
    assert(
      columns.some((column) => column.name === linked),
      `report ${name}: it links ${linked}, which is no column`,
    );
  return {
    name,
    title: one('title'),
    question: one('question'),
    group: one('group', ''),
    columns,
    chart: parseChart(name, one('chart'), columns),
    only: readOnly(name, one('only', '')),
    any_vantage: one('vantage', 'honeypot') === 'any',
    sql: lines.slice(end).join('\n').trim(),
  };
}

const isLinkable = (column: string): boolean =>
  column === 'sensor' || (equal_columns as readonly string[]).includes(column);

function readOnly(name: string, text: string): Record<string, string> {
  const pairs = text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.split('=') as [string, string]);
  for (const [column] of pairs)
    assert(isLinkable(column), `report ${name}: ${column} is no column of the events`);
  return Object.fromEntries(pairs);
}

function readLinks(name: string, text: string): Map<string, string> {
  const links = new Map<string, string>();
  for (const pair of text.split(' ').filter((word) => word !== '')) {
    const [column = '', target = ''] = pair.split('=');
    assert(isLinkable(target), `report ${name}: "${pair}" links to no column of the events`);
    links.set(column, target);
  }
  return links;
}

function parseChart(name: string, text: string, columns: readonly ReportColumn[]): ReportChart {
  const [word, x = '', ...y] = text.split(' ');
  const kind = chart_kinds.find((candidate) => candidate === word);
  assert(kind, `report ${name}: no such chart: ${text}`);
  const [least, most] = columns_of_charts[kind];
  assert(
    y.length >= least && y.length <= most,
    `report ${name}: the chart has not the columns it needs: ${text}`,
  );
  assert((kind === 'table') === (x === ''), `report ${name}: a table has no axes, a chart has: ${text}`);
  for (const used of kind === 'table' ? [] : [x, ...y])
    assert(
      columns.some((column) => column.name === used),
      `report ${name}: the chart's ${used} is no column`,
    );
  return { kind, x, y };
}
