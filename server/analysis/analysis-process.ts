/**
 * The analysis in a process of its own: its work and memory touch neither gateway nor API, and it gives way to them.
 * It speaks with the engine and the state by itself; its keeper only tells it what is new, and when to wait.
 */
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateDatabase } from '../state/database.ts';
import { Store } from '../store/store.ts';
import type { Rendering } from '../store/template.ts';
import { Analysis } from './analysis.ts';
import { readAttackScope } from './attack-scope.ts';

export interface AnalysisProcessOptions {
  state_path: string;
  /** Socket of the embedded engine, or address of a ClickHouse server or of a node of a cluster. */
  engine: { socket: string } | { url: string; rendering: Rendering };
  pause_seconds: number;
}

/** What the keeper says. */
export type AnalysisOrder =
  | { order: 'note'; segment_id: string }
  | { order: 'busy'; is_busy: boolean }
  | { order: 'hold' | 'release' | 'renew' | 'regroup' | 'stop' };

/** What the process says. */
export type AnalysisReport =
  | { report: 'log'; message: string }
  | { report: 'trouble'; trouble: string }
  | { report: 'held' | 'regrouped' };

const tell_every_ms = 1000;
const retry_ms = 5000;
/** Pages and ingestion first. */
const niceness = 10;

const { state_path, engine, pause_seconds } = JSON.parse(process.argv[2]!) as AnalysisProcessOptions;
const say = (report: AnalysisReport): void => {
  if (process.connected) process.send!(report);
};
setPriority(niceness);
// Without its server it has nothing to do.
process.on('disconnect', () => process.exit());
const state = new StateDatabase(state_path);
const store = new Store(engine);
let is_busy = false;
let release = (): void => undefined;
let told = '';
const analysis = new Analysis({
  store,
  state,
  scope: () => readAttackScope(state, pause_seconds, Date.now()),
  isBusy: () => is_busy,
  log: (message) => say({ report: 'log', message }),
});

async function stop(): Promise<void> {
  await analysis.stop();
  await store.close();
  state.close();
  process.exit();
}

process.on('message', (order: AnalysisOrder) => {
  if (order.order === 'note') analysis.note(BigInt(order.segment_id));
  else if (order.order === 'busy') is_busy = order.is_busy;
  else if (order.order === 'release') release();
  else if (order.order === 'renew')
    void analysis.renew().catch((error: unknown) => {
      analysis.trouble = (error as Error).message;
    });
  else if (order.order === 'regroup')
    void analysis
      .regroup()
      .catch((error: unknown) => {
        analysis.trouble = (error as Error).message;
      })
      .finally(() => say({ report: 'regrouped' }));
  else if (order.order === 'stop') void stop();
  else
    void analysis.hold(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
          say({ report: 'held' });
        }),
    );
});

setInterval(() => {
  if (analysis.trouble === told) return;
  told = analysis.trouble;
  say({ report: 'trouble', trouble: told });
}, tell_every_ms);

for (;;) {
  try {
    await analysis.start();
    break;
  } catch (error) {
    say({
      report: 'log',
      message: `the analysis could not begin: ${(error as Error).message}; it is tried again`,
    });
    await sleep(retry_ms);
  }
}
