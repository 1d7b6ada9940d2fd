/**
 * The labelled recordings in an installation of their own: every line goes through landing table, records and events as
 * in a server, and the analysis goes through all of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Submodule } from '@apiary/model/submodule.ts';
import { Analysis } from '@apiary/server/analysis/analysis.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { createLookups } from '@apiary/server/store/lookups.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { type SampleRecord, splitLines } from '@apiary/submodules/sample.ts';
import { readPlain } from '@apiary/tests/recording.ts';
import { insertRecords } from '@apiary/tests/submodule-engine.ts';
import { readDumpedRows } from './dumped-rows.ts';
import { listFiles, recordings } from './recording-layouts.ts';

const block_rows = 20_000;

export interface RecordedInstallation {
  store: Store;
  analysis: Analysis;
  /** Sensor by `RECORDING SENSOR`. */
  sensors: ReadonlyMap<string, number>;
  close: () => Promise<void>;
}

/** @param data the folder of all recordings */
export async function openInstallation(
  data: string,
  names: readonly string[],
): Promise<RecordedInstallation> {
  const root = mkdtempSync(join(tmpdir(), 'apiary-bench-'));
  const store = new Store({ directory: join(root, 'store') });
  const state = new StateDatabase(join(root, 'state.sqlite'));
  const close = async (): Promise<void> => {
    await store.close();
    state.close();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await store.whenUp();
    await createLookups(store);
    await migrate(store, submodules);
    const sensors = new Map<string, number>();
    const nets: { honeynet_id: number; sensors: number[] }[] = [];
    for (const name of names) {
      const own: number[] = [];
      for (const { sensor, files } of listRecords(data, name)) {
        const sensor_id = sensors.size + 1;
        sensors.set(`${name} ${sensor}`, sensor_id);
        own.push(sensor_id);
        for (const [index, records] of files.entries())
          await land(store, findSubmodule(sensor), sensor_id, BigInt(sensor_id * 1000 + index), records);
      }
      nets.push({ honeynet_id: nets.length + 1, sensors: own });
    }
    const scope = { pause_seconds: 3600, nets, honeypots: nets, gateways: [], kept_from_us: 0 };
    const analysis = new Analysis({ store, state, scope: () => scope, log: () => undefined });
    await analysis.rebuild();
    return { store, analysis, sensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const findSubmodule = (name: string): Submodule => submodules.find((one) => one.name === name)!;

function listRecords(data: string, name: string): { sensor: string; files: SampleRecord[][] }[] {
  if (name === 'kippo-dump-2019') return [{ sensor: 'kippo', files: [dumpedRecords(data)] }];
  const { folder, layouts } = recordings[name]!;
  return layouts.map((layout) => ({
    sensor: layout.sensor,
    files: listFiles(join(data, folder), layout).map((path) => splitLines(layout.stream, readPlain(path))),
  }));
}

/** Rows with the rows that they belong to, as the collector sends them; this dump calls a session's key otherwise. */
function dumpedRecords(data: string): SampleRecord[] {
  const rows = readDumpedRows(data).map(({ table, row: { id_session, ...row } }) => ({
    table,
    row: id_session === undefined ? row : { id: id_session, ...row },
  }));
  const find = (wanted: string, id: unknown) =>
    rows.find(({ table, row }) => table === wanted && row.id === id)?.row;
  return rows.map(({ table, row }, index) => {
    const session = find('sessions', row.session);
    const parents =
      table === 'sessions'
        ? { parent: find('sensors', row.sensor) }
        : { parent: session, grandparent: find('sensors', session?.sensor) };
    const raw = Buffer.from(JSON.stringify({ row, ...parents }));
    return { stream: table, place: BigInt(index), version: 0, flags: 0, raw };
  });
}

async function land(
  store: Store,
  submodule: Submodule,
  sensor_id: number,
  generation: bigint,
  records: readonly SampleRecord[],
): Promise<void> {
  for (let at = 0; at < records.length; at += block_rows) {
    const block = records.slice(at, at + block_rows).map((record) => ({
      ...record,
      sensor_id,
      generation,
      collect_ts: '2026-11-24 00:00:00.000000',
      segment_id: generation,
    }));
    await insertRecords(store, submodule, 'single', block, `${generation}-${at}`);
  }
}
