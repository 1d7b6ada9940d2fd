/** What must be the same before and after an upgrade, read from the data directory of a server that is stopped. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readEngine } from '../rig/engine-reader.ts';

export interface Facts {
  /** Records by `table, sensor id`. */
  records: Record<string, number>;
  /** Events by `sensor type, action`, and a sum over their ids. */
  events: Record<string, number>;
  event_ids: string;
  /** Shown numbers of incidents with their events and sources. */
  incidents: Record<string, { events: number; sources: number; first_ts: string }>;
  judgements: { field: string; value: string }[];
  sensors: { name: string; type: string }[];
  users: string[];
  /** The newest batch of each spool, by which what collectors send again is known. */
  spools: Record<string, number>;
}

/** What stands beside a kept data directory. */
export interface Release {
  /** Number of the incident that an analyst named "The first one". */
  named: number;
  facts: Facts;
}

function readSqlite<T>(path: string, sql: string): T[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row })) as T[];
  } finally {
    database.close();
  }
}

const toCounts = (rows: { key: string; count: string }[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ key, count }) => [key, Number(count)]));

export async function collectFacts(directory: string): Promise<Facts> {
  const state = join(directory, 'state.sqlite');
  const sensors = readSqlite<{ sensor_id: number; name: string; type: string }>(
    state,
    'SELECT sensor_id, name, type FROM sensor ORDER BY sensor_id',
  );
  const engine = await readEngine(directory, async (store) => {
    const tables = await store.query<{ table: string }>(
      `SELECT table FROM system.columns WHERE database = 'apiary' AND name = 'raw' AND table NOT LIKE 'landing%' AND
         table IN (SELECT name FROM system.tables WHERE database = 'apiary' AND engine LIKE '%MergeTree' AND total_rows > 0) ORDER BY table`,
    );
    const records: { key: string; count: string }[] = [];
    for (const { table } of tables)
      records.push(
        ...(await store.query<{ key: string; count: string }>(
          `SELECT concat('${table}, ', toString(sensor_id)) AS key, uniqExact(generation, place, version) AS count FROM ${table} GROUP BY sensor_id ORDER BY key`,
        )),
      );
    const events = await store.query<{ key: string; count: string }>(
      "SELECT concat(sensor_type, ', ', action) AS key, uniqExact(event_id) AS count FROM event GROUP BY sensor_type, action ORDER BY key",
    );
    const [ids] = await store.query<{ ids: string }>(
      'SELECT toString(groupBitXor(cityHash64(event_id, toString(detect_ts), toString(attacker_ip)))) AS ids FROM (SELECT DISTINCT event_id, detect_ts, attacker_ip FROM event)',
    );
    const incidents = await store.query<{
      number: number;
      events: string;
      sources: number;
      first_ts: string;
    }>(
      'SELECT number, events, sources, toString(first_ts) AS first_ts FROM incident FINAL WHERE NOT is_gone ORDER BY number',
    );
    return { records: toCounts(records), events: toCounts(events), event_ids: ids!.ids, incidents };
  });
  return {
    ...engine,
    incidents: Object.fromEntries(
      engine.incidents.map(({ number, events, sources, first_ts }) => [
        String(number),
        { events: Number(events), sources: Number(sources), first_ts },
      ]),
    ),
    judgements: readSqlite(state, 'SELECT field, value FROM judgement ORDER BY judgement_id'),
    sensors: sensors.map(({ name, type }) => ({ name, type })),
    users: readSqlite<{ name: string }>(state, 'SELECT name FROM user ORDER BY name').map(({ name }) => name),
    spools: Object.fromEntries(
      readSqlite<{ spool_id: string; last_seq: number }>(
        join(directory, 'ledger.sqlite'),
        'SELECT spool_id, last_seq FROM spool ORDER BY spool_id',
      ).map(({ spool_id, last_seq }) => [spool_id, last_seq]),
    ),
  };
}
