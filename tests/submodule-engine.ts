/** The engine as the server runs it, with one submodule's tables and views, in a folder that goes away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Filter } from '@apiary/model/api/filter.ts';
import type { Submodule } from '@apiary/model/submodule.ts';
import { describeReport } from '@apiary/server/reports/catalogue.ts';
import { restrictReader } from '@apiary/server/reports/restricted-reader.ts';
import { prepareReport } from '@apiary/server/reports/run-report.ts';
import type { Visibility } from '@apiary/server/reports/visibility.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { describeInventory } from '@apiary/server/state/inventory-list.ts';
import { prepareSchema } from '@apiary/server/store/prepare-schema.ts';
import { readEventSelects } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { landing_columns, storedName } from '@apiary/server/store/template.ts';
import type {
  ConformanceEngine,
  ConformanceRendering,
  LandedRecord,
  OpenEngine,
} from '@apiary/submodules/conformance.ts';
import { copyEngineImage } from './rig/engine-image.ts';

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

/** One block into the landing tables of a submodule, as the loader hands it to them. */
export async function insertRecords(
  store: Store,
  { name }: Submodule,
  rendering: ConformanceRendering,
  records: readonly LandedRecord[],
  token: string,
): Promise<void> {
  for (const stream of new Set(records.map((record) => record.stream))) {
    const rows = records.filter((record) => record.stream === stream).map(writeRow);
    const landing = storedName(`landing_${name}_${stream}`, rendering);
    await store.insertTsv(landing, columns, Buffer.from(rows.join(''), 'latin1'), `${token}/${stream}`);
  }
}

/** Lets everything through, by each column that records have of the attacker. */
const through: Filter = {
  ...{ from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' },
  ...{ attacker_ip: ['::/0'], q: 'not attacker_country:"none" and not attacker_asn:4294967295' },
};

/** Local reports as the server asks them for a user who is confined to some sensors. */
function makeNarrowed(store: Store, { name, title }: Submodule): ConformanceEngine['queryNarrowed'] {
  // A reader of its own: which tables there are is remembered by reader, and the next submodule has others.
  const reader = {
    query: store.query.bind(store),
    queryBytes: store.queryBytes.bind(store),
    syntaxTree: store.syntaxTree.bind(store),
  };
  const state = new StateDatabase(':memory:');
  const inventory = describeInventory(state);
  const rest = {
    ...{ type: name, description: '', created_ms: 0, retired_ms: null },
    ...{ collectors: [], honeypots: [] },
  };
  const stretch = { from_ms: 0, to_ms: Number.POSITIVE_INFINITY, addresses: null };
  return async (text, sensor_ids, sees_secrets) => {
    const stretches = sensor_ids.map((sensor_id) => ({ sensor_id, ...stretch }));
    const visibility: Visibility = { stretches, sees_secrets };
    const sensors = sensor_ids.map((sensor_id) => ({ sensor_id, name: `s${sensor_id}`, ...rest }));
    const view = {
      ...{ store: restrictReader(reader, visibility), state, visibility },
      inventory: { ...inventory, sensors },
    };
    const entry = { text, report: describeReport(text, name, title) };
    const { sql, params } = prepareReport(entry, view, through, Date.now());
    return view.store.query(sql, params);
  };
}

/** Tables that an engine keeps between two tests: they hold nothing of a sensor. */
const kept_tables = "'schema_history', 'zone_range', 'geo_country_prefix', 'geo_as_prefix'";

/** An engine with the core's schema. Tests of one process that follow one another use the same. */
class SharedEngine {
  readonly rendering: ConformanceRendering;
  readonly store: Store;
  readonly #directory = mkdtempSync(join(tmpdir(), 'apiary-submodule-'));
  /** How often it was opened: part of every token, as the engine remembers tokens longer than rows. */
  turn = 0;

  constructor(rendering: ConformanceRendering) {
    this.rendering = rendering;
    copyEngineImage(this.#directory, rendering);
    this.store = new Store({ directory: this.#directory, rendering });
  }

  /** With the tables and views of one submodule, and no rows. */
  async begin(submodule: Submodule): Promise<void> {
    this.turn += 1;
    await this.store.whenUp();
    await prepareSchema(this.store, [submodule]);
  }

  async empty(): Promise<void> {
    const filled = await this.store.query<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0
         AND engine LIKE '%MergeTree' AND name NOT IN (${kept_tables})`,
    );
    for (const { name } of filled) await this.store.command(`TRUNCATE TABLE ${name}`);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.#directory, { recursive: true });
  }
}

const idle: SharedEngine[] = [];
after(() => Promise.all(idle.map((engine) => engine.close())));

export const openEngine: OpenEngine = async (submodule, rendering) => {
  const found = idle.findIndex((engine) => engine.rendering === rendering);
  const shared = found < 0 ? new SharedEngine(rendering) : (idle.splice(found, 1)[0] as SharedEngine);
  await shared.begin(submodule);
  const { store, turn } = shared;
  const engine: ConformanceEngine = {
    query: (sql, params) => store.query(sql, params),
    queryNarrowed: makeNarrowed(store, submodule),
    command: (sql) => store.command(sql),
    insertRecords: (records, token) =>
      insertRecords(store, submodule, rendering, records, `${turn}/${token}`),
    eventSelects: () => readEventSelects(submodule, rendering),
    close: async () => {
      await shared.empty();
      idle.push(shared);
    },
  };
  return engine;
};
