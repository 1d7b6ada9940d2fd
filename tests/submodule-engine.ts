/** The engine as the server runs it, with one submodule's tables and views, in a folder that goes away. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGeo } from '@apiary/server/store/geo.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { landing_columns, renderTemplate, splitSelects, storedName } from '@apiary/server/store/template.ts';
import { createZones } from '@apiary/server/store/zones.ts';
import type { ConformanceEngine, LandedRecord, OpenEngine } from '@apiary/submodules/conformance.ts';

const columns = landing_columns.map(([name]) => name);
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A row of the landing table, TabSeparated; latin1 keeps the bytes of `raw` as they are. */
function writeRow(record: LandedRecord): string {
  const {
    sensor_id,
    stream,
    source = 'sample',
    time_zone = '',
    generation,
    place,
    version,
    flags,
    raw,
  } = record;
  const { collect_ts, segment_id } = record;
  const text = raw.toString('latin1').replace(/[\\\t\n\r]/g, (character) => escapes[character] as string);
  const values = [sensor_id, stream, source, time_zone, generation, place, version, flags, raw.length];
  return `${[...values, collect_ts, segment_id, text].join('\t')}\n`;
}

export const openEngine: OpenEngine = async (submodule, rendering) => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-submodule-'));
  const store = new Store({ directory, rendering });
  await store.whenUp();
  await createGeo(store);
  await createZones(store);
  await migrate(store, [submodule]);
  const engine: ConformanceEngine = {
    query: (sql, params) => store.query(sql, params),
    command: (sql) => store.command(sql),
    insertRecords: async (records, token) => {
      for (const stream of new Set(records.map((record) => record.stream))) {
        const rows = records.filter((record) => record.stream === stream).map(writeRow);
        const landing = storedName(`landing_${submodule.name}_${stream}`, rendering);
        const of_stream = token === undefined ? undefined : `${token}/${stream}`;
        await store.insertTsv(landing, columns, Buffer.from(rows.join(''), 'latin1'), of_stream);
      }
    },
    eventSelects: () =>
      splitSelects(readFileSync(new URL('events.sql', submodule.folder), 'utf8'), 'from').map(
        ({ table, select }) => ({
          table,
          select: renderTemplate(select, { rendering, type: submodule.name, table }),
        }),
      ),
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
  return engine;
};
