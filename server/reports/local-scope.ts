/** A local report under a filter: its sensors, its period, and what a record table knows of the attacker. */
import type { Filter } from '@apiary/model/api/filter.ts';
import { equal_columns } from '@apiary/model/filter-columns.ts';
import { chosenSensors } from './overview.ts';
import { resolveScope, type Scope } from './scope.ts';
import type { Sight } from './view.ts';

/** The columns of the events that every record table has too. */
const of_records = new Set(['attacker_ip', 'attacker_country', 'attacker_asn', 'sensor_id', 'detect_ts']);

const isFollowed = ({ columns }: { columns: readonly string[] }): boolean =>
  columns.every((column) => of_records.has(column));
/** No sensor has this number. */
const none = 0;

const showMoment = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

/** @param sight the sensors of its inventory are those of the report's type */
export function localScope(
  sql: string,
  scope: Scope,
  filter: Filter,
  sight: Sight,
): { sql: string; params: Record<string, unknown> } {
  const known = new Set(sight.inventory.sensors.map(({ sensor_id }) => sensor_id));
  const chosen = [...(chosenSensors(filter, sight) ?? known)].filter((id) => known.has(id));
  const conditions = scope.conditions.filter(isFollowed).map((condition) => condition.sql);
  return {
    sql: conditions.length === 0 ? sql : narrow(sql, conditions.join(' AND ')),
    params: {
      ...scope.params,
      from: showMoment(scope.from_ms),
      to: showMoment(scope.to_ms),
      sensors: chosen.length === 0 ? [none] : chosen,
    },
  };
}

/** Each record table that the SQL reads, with a condition. What an ARRAY JOIN joins is a column. */
export const narrow = (sql: string, condition: string): string =>
  sql.replace(
    /(?<!\bARRAY\s+)\b(FROM|JOIN)\s+([a-z][a-z0-9_]*_[a-z0-9_]+)(?!\s*\()(\s+AS\b)?/g,
    (_, word: string, table: string, alias: string | undefined) =>
      `${word} (SELECT * FROM ${table} WHERE ${condition})${alias ?? ` AS ${table}`}`,
  );

/** Parts of a filter that a local report cannot follow: record tables do not have what they compare. */
export function ignoredFilters(filter: Filter, sight: Sight): string[] {
  const given = Object.keys(filter).filter((name) => filter[name as keyof Filter] !== undefined);
  return given.filter((name) => {
    if (name === 'extra') return true;
    // Of these it depends on what they say: on the columns of the words, and on whether honeypots share a sensor.
    if (name === 'q' || name === 'honeypot' || name === 'honeynet') {
      const { conditions } = resolveScope({ ...periodOf(filter), [name]: filter[name] }, sight, Date.now());
      return !conditions.every(isFollowed);
    }
    return (
      (equal_columns as readonly string[]).includes(name.replace(/_contains$/, '')) && !of_records.has(name)
    );
  });
}

const periodOf = ({ last, from, to }: Filter): Filter =>
  Object.fromEntries(Object.entries({ last, from, to }).filter(([, value]) => value !== undefined));
