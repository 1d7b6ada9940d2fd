/** A local report under a filter: its sensors, its period, and what a record table knows of the attacker. */
import type { Filter } from '@apiary/model/api/filter.ts';
import { equal_columns } from '@apiary/model/filter-columns.ts';
import { chosenSensors } from './overview.ts';
import type { Scope } from './scope.ts';
import type { Sight } from './view.ts';

/** The columns of the events that every record table has too. */
const of_records = new Set(['attacker_ip', 'attacker_country', 'attacker_asn']);
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
  const conditions = scope.conditions
    .filter(({ columns }) => columns.length > 0 && columns.every((column) => of_records.has(column)))
    .map((condition) => condition.sql);
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
export function ignoredFilters(filter: Filter): string[] {
  const given = Object.keys(filter).filter((name) => filter[name as keyof Filter] !== undefined);
  return given.filter(
    (name) =>
      ((equal_columns as readonly string[]).includes(name.replace(/_contains$/, '')) &&
        !of_records.has(name)) ||
      name === 'extra' ||
      name === 'q',
  );
}
