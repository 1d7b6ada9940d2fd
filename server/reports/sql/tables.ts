/** What a statement may read: the events, what the analysis made of them, and the sensors' own records. */
import type { Reader } from '../count-by.ts';
import { attacks_now, incident_attacks_now, incidents_now } from '../incident-rows.ts';

export interface SqlTable {
  name: string;
  comment: string;
  columns: { name: string; type: string; comment: string }[];
  /** The rows that it has, as a subquery. */
  source: string;
}

const derived: Record<string, { comment: string; source: string }> = {
  event: { comment: 'one layer over all records: who did what to what, when', source: 'apiary.event' },
  attack: { comment: 'attacks as they are now', source: attacks_now },
  incident: { comment: 'incidents as they are now', source: incidents_now },
  incident_attack: { comment: 'which incident an attack belongs to, and why', source: incident_attacks_now },
  attack_event: {
    comment: 'which attack an event belongs to',
    source:
      '(SELECT event_id, any(sensor_id) AS sensor_id, tupleElement(max(assignment), 2) AS attack_id, min(analysis_ts) AS analysis_ts FROM apiary.attack_event GROUP BY event_id)',
  },
};

/** Tables of the database that hold records, by the columns that all of them have. */
const records_sql = `SELECT table FROM system.columns WHERE database = 'apiary' AND NOT match(table, '_(local|stored|view)$')
  GROUP BY table HAVING countIf(name = 'raw') = 1 AND countIf(name = 'generation') = 1 AND countIf(name = 'parse') = 1`;

/** Names of the engine's own tables are full, so that nothing in a statement can stand for them. */
const qualify = (source: string): string =>
  source.replace(/\bFROM (attack|incident|incident_attack)\b/g, 'FROM apiary.$1');

export async function listSqlTables(store: Reader): Promise<SqlTable[]> {
  const records = (await store.query<{ table: string }>(records_sql)).map(({ table }) => table);
  const known = Object.keys(derived);
  const columns = await store.query<{ table: string; name: string; type: string; comment: string }>(
    `SELECT table, name, type, comment FROM system.columns WHERE database = 'apiary' AND table IN (${[...known, ...records].map((name) => `'${name}'`).join(', ')}) ORDER BY table, position`,
  );
  const by_table = Map.groupBy(columns, ({ table }) => table);
  const describe = (name: string): SqlTable['columns'] =>
    name === 'attack_event'
      ? [
          { name: 'event_id', type: 'UInt64', comment: 'the event' },
          { name: 'sensor_id', type: 'UInt32', comment: 'its sensor' },
          { name: 'attack_id', type: 'UInt64', comment: 'its attack; 0 where it belongs to none any more' },
          { name: 'analysis_ts', type: "DateTime64(6, 'UTC')", comment: 'when it first became part of one' },
        ]
      : (by_table.get(name) ?? []).map(({ name: column, type, comment }) => ({
          name: column,
          type,
          comment,
        }));
  return [
    ...known.map((name) => ({
      name,
      comment: derived[name]!.comment,
      columns: describe(name),
      source: qualify(derived[name]!.source),
    })),
    ...records.sort().map((name) => ({
      name,
      comment: 'records as their sensor wrote them',
      columns: describe(name),
      source: `apiary.${name}`,
    })),
  ];
}
