/**
 * Events to incidents: a whole pass over events that lie in the engine, then the increment of a minute of 1,000 events
 * a second with all the others there. The events are those of the query benchmark.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Analysis } from '@apiary/server/analysis/analysis.ts';
import { analysis_flags } from '@apiary/server/analysis/analysis-keeper.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { generateBlock, generated_sensors } from './event-generator.ts';

const block_events = 250_000;
const minute_events = 60_000;
const segment_events = 2000;
/** Of the recordings of T-Pot 2022, Cowrie 2018 and the laboratory, 235,230 events are 9,182 attacks. */
const visit_events = 26;

/** In a process with the flags of the analysis's own, which settle when it starts. */
export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  if (analysis_flags.every((flag) => process.execArgv.includes(flag))) return measure(values);
  const rest = process.argv.slice(1).filter((word) => word !== '--json');
  const told = execFileSync(process.execPath, [...analysis_flags, ...rest, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(told.trim().split('\n').at(-1)!);
}

async function measure(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const events = Number(values.events ?? 10_000_000);
  const root = mkdtempSync(join(tmpdir(), 'apiary-bench-'));
  const store = new Store({ directory: join(root, 'store') });
  const state = new StateDatabase(join(root, 'state.sqlite'));
  try {
    await store.whenUp();
    await migrate(store, []);
    const all = events + minute_events;
    const generation = {
      seed: 1,
      visit_events,
      events: all,
      end_ms: Date.UTC(2026, 10, 1),
      sensor_ids: generated_sensors.map((_, index) => index + 1),
    };
    for (let from = 0; from < events; from += block_events)
      await store.command(generateBlock({ ...generation, from, to: Math.min(from + block_events, events) }));
    const scope = { pause_seconds: 3600, nets: [], honeypots: [], gateways: [], kept_from_us: 0 };
    const analysis = new Analysis({ store, state, scope: () => scope, log: () => undefined });
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 100);
    const whole = await analysis.rebuild();
    await store.command(generateBlock({ ...generation, from: events, to: all }));
    for (let n = Math.floor(events / segment_events); n <= Math.floor((all - 1) / segment_events); n += 1)
      analysis.note(BigInt(n));
    const minute = await analysis.pass();
    clearInterval(watch);
    return {
      bench: 'analysis',
      events,
      attacks: whole.attacks,
      incidents: whole.incidents,
      seconds: whole.milliseconds / 1000,
      events_per_second: Math.round((whole.events / whole.milliseconds) * 1000),
      increment_events: minute.events,
      increment_attacks: minute.attacks,
      increment_seconds: minute.milliseconds / 1000,
      process_peak_mib: Math.round(peak / 2 ** 20),
    };
  } finally {
    await store.close();
    state.close();
    rmSync(root, { recursive: true, force: true });
  }
}
