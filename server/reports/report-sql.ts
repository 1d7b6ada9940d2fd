/**
 * The words of a global report's SQL:
 *
 *     {{events}}            conditions of the filter over raw events, for a WHERE
 *     {{events_before}}     the same filter over all time before the period
 *     {{count A B}}         SELECT of {value, events}: events by these columns, answered by projections where there are
 *                           any; `value` is a tuple where it has several parts
 *     {{count hour A}}      … with the time first: `hour` and `bucket` as seconds since 1970, `day` as a date; `bucket`
 *                           is the width that gives a legible chart of the period
 *     {{count_before A}}    … of all time before the period
 *     {{rows A B}}          SELECT of rows {A, B, events} that are not added up yet, for what is grouped by another of the
 *                           columns; `day` as a date. Of the columns hardly any two events have the same, so that no
 *                           projection would answer sooner.
 *     {{bucket}}            the begin of the interval that an event falls into, as seconds since 1970
 *
 * Different addresses and sessions are counted by a hash of 64 bits, see `countByHash`.
 */
import assert from 'node:assert';
import { event_columns } from '@apiary/model/event.ts';
import { type CountQuestion, countBySql, expiredRows, type Unit } from './count-by.ts';
import { chooseBucket } from './overview-timeline.ts';
import { rawConditions, type Scope } from './scope.ts';

const column_names = new Set(event_columns.map(({ name }) => name));
const seconds = "toUnixTimestamp(toDateTime({time}, 'UTC'))";
const day_seconds = 86_400;

interface TimePart {
  sql: string;
  unit: Unit | null;
}

function timePart(word: string, scope: Scope): TimePart | undefined {
  if (word === 'day') return { sql: 'toDate({time})', unit: 'day' };
  if (word === 'hour') return { sql: `intDiv(${seconds}, 3600) * 3600`, unit: 'hour' };
  if (word !== 'bucket') return undefined;
  const width = chooseBucket(scope.from_ms, scope.to_ms);
  const unit = width % day_seconds === 0 ? 'day' : width % 3600 === 0 ? 'hour' : null;
  return { sql: `intDiv(${seconds}, ${width}) * ${width}`, unit };
}

function countSql(scope: Scope, words: readonly string[]): string {
  const time = timePart(words[0] ?? '', scope);
  const columns = time === undefined ? words : words.slice(1);
  for (const column of columns)
    assert(column_names.has(column), `a report counts by ${column}, which no event has`);
  const parts = [...(time === undefined ? [] : [time.sql]), ...columns];
  const question: CountQuestion = {
    expression: parts.length === 1 ? parts[0]! : `tuple(${parts.join(', ')})`,
    // Narrower than an hour it is counted from the events: no projection has a column of this name.
    columns: time?.unit === null ? [...columns, 'detect_ts'] : columns,
  };
  if (time !== undefined) question.time_unit = time.unit ?? 'hour';
  return countBySql(scope, question);
}

function rowsSql(scope: Scope, words: readonly string[]): string {
  const columns = words.filter((word) => word !== 'day');
  for (const column of columns)
    assert(column_names.has(column), `a report reads ${column}, which no event has`);
  const selected = (day: string, events: string): string =>
    [...words.map((word) => (word === 'day' ? `${day} AS day` : word)), `toUInt64(${events}) AS events`].join(
      ', ',
    );
  const raw = `SELECT ${selected('toDate(detect_ts)', '1')} FROM event WHERE ${rawConditions(scope)}`;
  const expired = expiredRows(scope, [...columns, ...scope.conditions.flatMap((one) => one.columns)]);
  return expired === null ? raw : `${raw} UNION ALL SELECT ${selected('day', 'events')} ${expired}`;
}

/**
 * Counts different addresses and sessions by a hash of 64 bits, which takes a third of the time of the 16 bytes of an
 * address (seen). Two of a million are taken for one with a probability of 3 in 100 million.
 */
export const countByHash = (sql: string): string =>
  sql.replace(
    /\b(uniqExact(?:If)?)\(((?:event\.)?attacker_ip|\(?sensor_id, session\)?)(?=[,)])/g,
    (_, counted: string, what: string) => `${counted}(cityHash64(${what.replace(/^\(|\)$/g, '')})`,
  );

/** All time before a scope, under the same conditions. */
const before = (scope: Scope): Scope => ({ ...scope, from_ms: 0, to_ms: scope.from_ms });

export function expandReport(sql: string, scope: Scope): string {
  return countByHash(sql).replace(/\{\{(\w+)([^}]*)\}\}/g, (_, word: string, rest: string) => {
    const words = rest
      .trim()
      .split(/\s+/)
      .filter((part) => part !== '');
    if (word === 'events') return rawConditions(scope);
    if (word === 'bucket') return timePart('bucket', scope)!.sql.replaceAll('{time}', 'detect_ts');
    if (word === 'events_before') return rawConditions(before(scope));
    if (word === 'rows') return rowsSql(scope, words);
    if (word === 'count') return countSql(scope, words);
    if (word === 'count_before') return countSql(before(scope), words);
    assert.fail(`a report uses {{${word}}}, which does not exist`);
  });
}
