/** Fills a server that is stopped with generated events, with attacks and incidents of them, and with records. */
import { readEngine } from '@apiary/tests/rig/engine-reader.ts';
import { type AnalysisFilling, fillAnalysis, noteNumbers } from './analysis-filling.ts';
import { type Generation, generateBlock } from './event-generator.ts';
import { fillRecords, type RecordFilling } from './record-filling.ts';

/** Events of one INSERT. The engine merges them as it merges the segments of a loader. */
const block_events_min = 250_000;
const blocks = 40;

const stored_sql = 'SELECT count() AS rows FROM event';
const partitions_sql =
  "SELECT DISTINCT partition FROM system.parts WHERE active AND database = currentDatabase() AND table = 'event' ORDER BY partition";
const size_sql =
  "SELECT sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE active AND database = currentDatabase() AND table = 'event'";

export interface Filling {
  events: number;
  fill_seconds: number;
  bytes_per_event: number;
  parts: number;
  analysis: AnalysisFilling;
  records: RecordFilling;
}

/**
 * @param generation `from` and `to` are set for each block
 * @param sensors numbers of the sensors of each type, for their records
 */
export async function fillEvents(
  server_directory: string,
  generation: Omit<Generation, 'from' | 'to'>,
  sensors: ReadonlyMap<string, readonly number[]>,
): Promise<Filling> {
  const { events } = generation;
  const block_events = Math.max(block_events_min, Math.ceil(events / blocks));
  const started = performance.now();
  return readEngine(server_directory, async (store) => {
    for (let from = 0; from < events; from += block_events)
      await store.command(generateBlock({ ...generation, from, to: Math.min(from + block_events, events) }));
    const seconds = (performance.now() - started) / 1000;
    const [stored] = await store.query<{ rows: string }>(stored_sql);
    if (Number(stored!.rows) !== events)
      throw new Error(`the event table holds ${stored!.rows} events of ${events}`);
    // A month that is over has been merged long since; the last one lies as the blocks came.
    const partitions = await store.query<{ partition: string }>(partitions_sql);
    for (const { partition } of partitions.slice(0, -1))
      await store.command(`OPTIMIZE TABLE event PARTITION ${partition} FINAL`);
    const analysis = await fillAnalysis(store);
    await noteNumbers(store, server_directory);
    const [size] = await store.query<{ bytes: string; parts: string }>(size_sql);
    return {
      events,
      fill_seconds: Math.round(seconds),
      bytes_per_event: Math.round((10 * Number(size!.bytes)) / events) / 10,
      parts: Number(size!.parts),
      analysis,
      records: await fillRecords(store, generation, sensors),
    };
  });
}
