/** Keeps the embedded engine's process alive: starts it, sees it die or freeze, starts it again. */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskRoom } from './disk-room.ts';
import { alive_every_ms } from './engine-configuration.ts';
import type { EngineProcessOptions } from './engine-process.ts';

export type EngineState = 'starting' | 'up' | 'down' | 'stopped';

const restart_after_ms = 250;
const restart_after_ms_max = 10_000;
const stop_within_ms = 10_000;
/** As long as a machine that is much too busy may keep it from saying that it lives. */
const silent_ms_max_by_default = 60_000;
/** Opening a database takes as long as it has parts, and meanwhile its process can say nothing. */
const start_ms_max_by_default = 600_000;

/** What a process said of its end: what the database says, or else the first error, and not the stack around it. */
function tellingLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const told = [/^Code: \d+\. /, /\b\w*Error\b.*:/, /./].map((form) => lines.find((line) => form.test(line)));
  return told.find((line) => line !== undefined) ?? '';
}

/** Emits `state` with an EngineState at each change. */
export class Engine extends EventEmitter<{ state: [EngineState] }> {
  readonly socket: string;
  readonly room: DiskRoom;
  readonly #options: EngineProcessOptions;
  readonly #socket_folder: string;
  readonly #silent_ms_max: number;
  readonly #start_ms_max: number;
  readonly #watch: NodeJS.Timeout;
  /** Looks since the engine said last that it lives, or since its process was started. */
  #silent_looks = 0;
  #child: ChildProcess | undefined;
  #state: EngineState = 'starting';
  #stopping = false;
  #failures = 0;
  /** Starts since it was up last that were ended because they took too long. */
  #slow_starts = 0;
  #ended_for = '';
  restarts = 0;
  last_error = '';

  /**
   * @param silent_ms_max an engine that says nothing for this long is ended, and started again
   * @param start_ms_max so is one that does not answer this long after its start; each further start has twice as long
   */
  constructor(
    options: Omit<EngineProcessOptions, 'socket' | 'kept_free_bytes'>,
    silent_ms_max: number = silent_ms_max_by_default,
    start_ms_max: number = start_ms_max_by_default,
  ) {
    super();
    this.#silent_ms_max = silent_ms_max;
    this.#start_ms_max = start_ms_max;
    this.room = new DiskRoom(options.directory, () => this.#end('its disk ran full'));
    // A socket's path may have 108 bytes at most, so it does not lie in the data directory.
    this.#socket_folder = mkdtempSync(join(tmpdir(), 'apiary-'));
    this.socket = join(this.#socket_folder, 'engine');
    this.#options = { ...options, socket: this.socket, kept_free_bytes: this.room.kept_free };
    this.#start();
    this.#watch = setInterval(() => this.#look(), alive_every_ms);
    this.#watch.unref();
  }

  get state(): EngineState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Looks are counted, not the clock: a host that slept, or a server that was busy itself, blames nobody. */
  #look(): void {
    if (this.#child === undefined) return;
    this.#silent_looks += 1;
    const is_up = this.#state === 'up';
    const ms_max = is_up ? this.#silent_ms_max : this.#start_ms_max * 2 ** this.#slow_starts;
    if (this.#silent_looks * alive_every_ms < ms_max) return;
    this.#silent_looks = 0;
    if (!is_up) this.#slow_starts += 1;
    const seconds = ms_max / 1000;
    this.#end(
      is_up
        ? `it said nothing for ${seconds} s`
        : `it did not answer within ${seconds} s of its start; the next one has twice as long`,
    );
  }

  /** Ends its process at once; it is started again. */
  #end(why: string): void {
    this.#ended_for = why;
    this.#child?.kill('SIGKILL');
  }

  #become(state: EngineState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state);
  }

  #start(): void {
    const built = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
    const child = fork(built, [JSON.stringify(this.#options)], {
      env: { ...process.env, UV_THREADPOOL_SIZE: String(this.#options.connections + 5) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child = child;
    this.#silent_looks = 0;
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-4000);
    });
    child.on('message', () => {
      this.#silent_looks = 0;
      if (this.#state === 'up') return;
      this.#failures = 0;
      this.#slow_starts = 0;
      this.#become('up');
    });
    child.on('exit', (code, signal) => {
      this.#child = undefined;
      if (this.#stopping) return;
      const why = this.#ended_for === '' ? tellingLine(stderr) : this.#ended_for;
      this.#ended_for = '';
      this.last_error = `the engine's process ended (${signal ?? code})${why === '' ? '' : `: ${why}`}`;
      this.restarts += 1;
      // Said each time: one that cannot start ends again and again, perhaps for another reason.
      this.#state = 'down';
      this.emit('state', 'down');
      const wait = Math.min(restart_after_ms * 2 ** this.#failures, restart_after_ms_max);
      this.#failures += 1;
      setTimeout(() => {
        if (!this.#stopping) this.#start();
      }, wait);
    });
  }

  /** Resolves when the engine answers, or when it was stopped for good. */
  async whenUp(): Promise<void> {
    while (this.#state !== 'up' && this.#state !== 'stopped') {
      await new Promise<void>((resolve) => this.once('state', () => resolve()));
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    this.room.stop();
    const child = this.#child;
    if (child !== undefined) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.send('stop');
      const timer = setTimeout(() => child.kill('SIGKILL'), stop_within_ms);
      await ended;
      clearTimeout(timer);
    }
    this.#become('stopped');
    if (existsSync(this.#socket_folder)) rmSync(this.#socket_folder, { recursive: true });
  }
}
