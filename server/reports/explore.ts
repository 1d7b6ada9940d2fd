/** A question of an analyst as a report that is made on the spot: it then runs, is drawn and kept as any other. */

import type { ExploreColumn, ExploreMeasure, ExploreQuestion } from '@apiary/model/explore.ts';
import type { ReportChart } from '@apiary/model/report.ts';
import type { CatalogueEntry } from './catalogue.ts';

const column_sql = (column: ExploreColumn): string => (column === 'sensor' ? 'sensor_id' : column);
const title_of = (column: string): string => column.replaceAll('_', ' ');

const measures: Record<string, { sql: string; meaning: string }> = {
  events: { sql: 'count()', meaning: 'events' },
  sources: { sql: 'uniqExact(attacker_ip)', meaning: 'different addresses of attackers' },
  sessions: {
    sql: "uniqExactIf((sensor_id, session), session != '')",
    meaning: 'different sessions, of events that belong to one',
  },
  sensors: { sql: 'uniqExact(sensor_id)', meaning: 'different sensors that saw it' },
  networks: { sql: 'uniqExactIf(attacker_asn, attacker_asn != 0)', meaning: 'different autonomous systems' },
};

/** The name of a measure's column in the answer. */
export const measureName = (measure: ExploreMeasure): string =>
  measure.startsWith('distinct:') ? `different_${measure.slice('distinct:'.length)}` : measure;

function measureSql(measure: ExploreMeasure): { sql: string; meaning: string } {
  const column = measure.startsWith('distinct:') ? measure.slice('distinct:'.length) : null;
  // Only words of a closed list come here, so that they may stand in the SQL.
  return column === null
    ? measures[measure]!
    : { sql: `uniqExact(${column})`, meaning: `different values of ${title_of(column)}` };
}

function chartOf({ measures: list, by, over_time }: ExploreQuestion): ReportChart {
  const names = list.map(measureName);
  if (over_time && by.length === 0) return { kind: 'line', x: 'time', y: names };
  if (over_time && by.length === 1) return { kind: 'series', x: 'time', y: [names[0]!, by[0]!] };
  if (over_time || by.length === 0 || by.length > 2) return { kind: 'table', x: '', y: [] };
  if (by.length === 2) return { kind: 'heat', x: by[0]!, y: [by[1]!, names[0]!] };
  return by[0] === 'attacker_country' && list[0] === 'events'
    ? { kind: 'map', x: by[0], y: [names[0]!] }
    : { kind: 'bar', x: by[0]!, y: [names[0]!] };
}

/** Points that a question over time may have; more are cut, and said. */
const points_max = 20_000;

function questionSql({ measures: list, by, over_time, top }: ExploreQuestion): string {
  const groups = by.map((column) => `${column_sql(column)} AS ${column}`);
  const first = measureSql(list[0]!).sql;
  const counted = list.map((measure) => `${measureSql(measure).sql} AS ${measureName(measure)}`);
  const keys = by.map(column_sql);
  const order = [`${measureName(list[0]!)} DESC`, ...by];
  if (!over_time)
    return `SELECT ${[...groups, ...counted].join(', ')} FROM event WHERE {{events}}
${keys.length === 0 ? '' : `GROUP BY ${keys.join(', ')} ORDER BY ${order.join(', ')} LIMIT ${top}`}`;
  const largest =
    keys.length === 0
      ? ''
      : ` AND tuple(${keys.join(', ')}) GLOBAL IN (SELECT tuple(${keys.join(', ')}) FROM event WHERE {{events}} GROUP BY ${keys.join(', ')} ORDER BY ${first} DESC, ${keys.join(', ')} LIMIT ${top})`;
  return `SELECT toDateTime({{bucket}}, 'UTC') AS time, ${[...groups, ...counted].join(', ')} FROM event WHERE {{events}}${largest}
GROUP BY ${['time', ...keys].join(', ')} ORDER BY ${['time', ...order].join(', ')} LIMIT ${points_max}`;
}

export function makeExploration(question: ExploreQuestion): CatalogueEntry {
  const { measures: list, by, over_time, top } = question;
  const columns = [
    ...(over_time ? [{ name: 'time', meaning: 'begin of the interval' }] : []),
    ...by.map((column) => ({ name: column, meaning: title_of(column), link: column })),
    ...list.map((measure) => ({ name: measureName(measure), meaning: measureSql(measure).meaning })),
  ];
  const what = list.map((measure) => title_of(measureName(measure))).join(', ');
  const by_what = by.length === 0 ? '' : ` by ${by.map(title_of).join(' and ')}`;
  const title = `${what[0]!.toUpperCase()}${what.slice(1)}${by_what}${over_time ? ' over time' : ''}`;
  const report_question =
    by.length === 0
      ? 'All that the filter finds.'
      : `The ${top} largest groups by ${title_of(measureName(list[0]!))}.`;
  const chart = chartOf(question);
  const text = {
    name: 'explore',
    title,
    question: report_question,
    group: 'Explore',
    columns,
    chart,
    only: {},
    any_vantage: false,
    sql: questionSql(question),
  };
  return {
    report: {
      id: 'explore',
      kind: 'global',
      sensor_type: null,
      group: text.group,
      title,
      question: report_question,
      columns: columns.map((column) => ({ link: null, ...column })),
      chart,
      only: {},
      any_vantage: false,
    },
    text,
  };
}
