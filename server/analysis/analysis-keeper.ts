/** Keeps the analysis's process alive: starts it, sees it die, starts it again; tells it what is new. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AnalysisOrder, AnalysisProcessOptions, AnalysisReport } from './analysis-process.ts';

export interface AnalysisKeeperOptions extends AnalysisProcessOptions {
  /** Whether passes should wait. */
  isBusy: () => boolean;
  log: (message: string) => void;
}

/**
 * Rows of attacks are short-lived garbage, which costs less to collect while it is young. What is kept of attacks is
 * live, so that waiting until there is as much garbage beside it, as is usual, would only double the memory; but a small
 * heap that grows by a quarter is collected again and again.
 */
export const analysis_flags = [
  '--max-semi-space-size=32',
  '--initial-old-space-size=256',
  '--heap-growing-percent=25',
] as const;

const restart_after_ms = 1000;
const restart_after_ms_max = 60_000;
/** A process that lived so long has not failed at its start. */
const well_after_ms = 60_000;
const stop_within_ms = 10_000;
/** Behind a long pass it shows later. */
const regroup_within_ms = 20_000;
const busy_every_ms = 1000;

export class AnalysisKeeper {
  readonly #options: AnalysisKeeperOptions;
  #child: ChildProcess | undefined;
  #is_stopping = false;
  #is_busy = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  /** One hold after another; no process is started during one. */
  #holding: Promise<unknown> = Promise.resolve();
  #held = (): void => undefined;
  /** Who waits until incidents are as people said. */
  #regrouping: (() => void)[] = [];
  /** Why the last pass failed, or the process ended; '' where neither. */
  trouble = '';

  constructor(options: AnalysisKeeperOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#fork();
    this.#timer = setInterval(() => this.#tellBusy(), busy_every_ms).unref();
  }

  #fork(): void {
    const { state_path, engine, pause_seconds } = this.#options;
    const options: AnalysisProcessOptions = { state_path, engine, pause_seconds };
    const path = fileURLToPath(new URL('./analysis-process.ts', import.meta.url));
    const child = fork(path, [JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [...analysis_flags],
    });
    const started = performance.now();
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-4000);
    });
    child.on('message', (report: AnalysisReport) => this.#hear(report));
    child.on('exit', (code, signal) => {
      this.#child = undefined;
      this.#held();
      for (const call of this.#regrouping.splice(0)) call();
      if (this.#is_stopping) return;
      this.trouble = `the analysis's process ended (${signal ?? code})${stderr === '' ? '' : `: ${stderr.trim()}`}`;
      this.#options.log(`${this.trouble}; it is started again`);
      this.#failures = performance.now() - started > well_after_ms ? 0 : this.#failures + 1;
      this.#startAgain(Math.min(restart_after_ms * 2 ** this.#failures, restart_after_ms_max));
    });
    this.#child = child;
    this.#is_busy = false;
    this.#tellBusy();
  }

  #startAgain(after_ms: number): void {
    this.#restart = setTimeout(() => {
      void this.#holding.then(() => {
        if (!this.#is_stopping) this.#fork();
      });
    }, after_ms).unref();
  }

  #hear(report: AnalysisReport): void {
    if (report.report === 'log') this.#options.log(report.message);
    else if (report.report === 'trouble') this.trouble = report.trouble;
    else if (report.report === 'held') this.#held();
    else for (const call of this.#regrouping.splice(0)) call();
  }

  #send(order: AnalysisOrder): void {
    // What a process does not hear, the next one finds in the engine.
    if (this.#child?.connected === true) this.#child.send(order, () => undefined);
  }

  #tellBusy(): void {
    const is_busy = this.#options.isBusy();
    if (is_busy === this.#is_busy) return;
    this.#is_busy = is_busy;
    this.#send({ order: 'busy', is_busy });
  }

  /** A segment's events are in the engine. */
  note(segment_id: bigint): void {
    this.#send({ order: 'note', segment_id: String(segment_id) });
  }

  /** Somebody took rows out of its tables: it goes through all events anew. */
  renew(): void {
    this.#send({ order: 'renew' });
  }

  /** Somebody joined incidents or set attacks apart. Resolves when that shows, or when it will at the next start. */
  async regroup(): Promise<void> {
    if (this.#child === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#regrouping.push(resolve);
    this.#send({ order: 'regroup' });
    const timer = setTimeout(resolve, regroup_within_ms);
    await promise;
    clearTimeout(timer);
  }

  /** Does `work` between two passes. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#holding.then(() => this.#hold(work));
    this.#holding = run.catch(() => undefined);
    return run;
  }

  async #hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#child !== undefined)
      await new Promise<void>((resolve) => {
        this.#held = resolve;
        this.#send({ order: 'hold' });
      });
    try {
      return await work();
    } finally {
      this.#send({ order: 'release' });
    }
  }

  /** A pass that does not end soon is cut off; the next start goes on from what it wrote. */
  async stop(): Promise<void> {
    this.#is_stopping = true;
    clearInterval(this.#timer);
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#send({ order: 'stop' });
    const timer = setTimeout(() => child.kill('SIGKILL'), stop_within_ms);
    await ended;
    clearTimeout(timer);
  }
}
