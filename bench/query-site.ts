/** A server with a year of generated events, its sensors in the inventory, and a collector that can feed it more. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Collectors } from '@apiary/server/state/collectors.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { CollectorProcess } from '@apiary/tests/rig/collector-process.ts';
import { CowrieSource } from '@apiary/tests/rig/cowrie-source.ts';
import { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { generated_sensors } from './event-generator.ts';
import { type Filling, fillEvents } from './query-filling.ts';

/** Of one core, over this many looks, with no more than which a server does nothing. */
const quiet_share = 0.1;
const quiet_looks = 4;
const look_seconds = 3;
const settle_seconds_max = 3600;
const ticks_per_second = 100;

/** Of the processor, by a process and those that it started and that live. Linux, proc(5). */
function processorSeconds(root: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        const ticks = Number(fields[11]) + Number(fields[12]);
        return [{ pid: Number(name), parent: Number(fields[1]), ticks }];
      } catch (error) {
        // It ended meanwhile.
        if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    });
  const ticksOf = (pid: number): number =>
    stats.filter((one) => one.parent === pid).reduce((sum, one) => sum + ticksOf(one.pid), 0) +
    (stats.find((one) => one.pid === pid)?.ticks ?? 0);
  return ticksOf(root) / ticks_per_second;
}

const seed = 1;
const hour_ms = 3_600_000;
/** Files that hold data; a table has thousands of small ones beside them. */
const large_files = ['-type', 'f', '-size', '+63k'];

/** Sensors of types that the generator makes no events of: they have records only. */
const record_sensors = submodules
  .map(({ name }) => name)
  .filter((name) => !generated_sensors.some(({ type }) => type === name))
  .map((type) => ({ name: `${type}-1`, type }));

/** Sensors that only the generators write, entered as the server enters them. */
function addSensors(server_directory: string): number[] {
  const state = new StateDatabase(join(server_directory, 'state.sqlite'));
  try {
    const collectors = new Collectors(state);
    const collector = collectors.byName('bench');
    return [...generated_sensors, ...record_sensors].map(
      ({ name, type }) => collectors.addSensor('bench', name, type, collector).sensor_id,
    );
  } finally {
    state.close();
  }
}

export class QuerySite {
  readonly server: ServerProcess;
  readonly collector: CollectorProcess;
  readonly filling: Filling;
  readonly sensor_ids: number[];
  readonly #source: CowrieSource;

  private constructor(
    server: ServerProcess,
    collector: CollectorProcess,
    filling: Filling,
    sensor_ids: number[],
    source: CowrieSource,
  ) {
    this.server = server;
    this.collector = collector;
    this.filling = filling;
    this.sensor_ids = sensor_ids;
    this.#source = source;
  }

  /** The server is stopped when this resolves. */
  static async make(root: string, events: number): Promise<QuerySite> {
    const server_directory = join(root, 'server');
    const server = await ServerProcess.start(server_directory);
    const source = new CowrieSource(join(root, 'cowrie.json'), 'live');
    let collector: CollectorProcess;
    try {
      collector = await CollectorProcess.enrol(server, join(root, 'collector'), 'bench', [
        { name: 'live', type: 'cowrie', paths: { json: source.path } },
      ]);
    } finally {
      await server.stop();
    }
    const all_sensors = addSensors(server_directory);
    const sensor_ids = all_sensors.slice(0, generated_sensors.length);
    const by_type = Map.groupBy([...generated_sensors, ...record_sensors].entries(), ([, { type }]) => type);
    const end_ms = Math.floor(Date.now() / hour_ms) * hour_ms;
    const filling = await fillEvents(
      server_directory,
      { seed, events, end_ms, sensor_ids },
      new Map([...by_type].map(([type, list]) => [type, list.map(([index]) => all_sensors[index]!)])),
    );
    return new QuerySite(server, collector, filling, sensor_ids, source);
  }

  /**
   * Starts the server and waits until it has nothing left to do: a year that comes at once has its days signed and its
   * attacks read into memory, which no page should be measured beside.
   */
  async restartAndSettle(): Promise<void> {
    await this.server.restart();
    const deadline = performance.now() + settle_seconds_max * 1000;
    for (let quiet = 0; quiet < quiet_looks; ) {
      const before = processorSeconds(this.server.child!.pid!);
      await sleep(look_seconds * 1000);
      const used = (processorSeconds(this.server.child!.pid!) - before) / look_seconds;
      quiet = used < quiet_share ? quiet + 1 : 0;
      if (performance.now() > deadline)
        throw new Error(`the server was still at work after ${settle_seconds_max / 60} minutes`);
    }
  }

  /** Starts the server with nothing of its data in memory: neither its own caches nor the system's. */
  async restartCold(): Promise<void> {
    await this.server.stop();
    const drop = ['dd', 'if={}', 'iflag=nocache', 'count=0', 'status=none'];
    execFileSync('find', [this.server.directory, ...large_files, '-exec', ...drop, ';']);
    await this.server.restart();
  }

  /**
   * Writes lines through the collector, ten times a second, while `work` runs.
   * @returns what `work` gave, lines written, and records loaded when it ended
   */
  async whileIngesting<T>(
    lines_per_second: number,
    work: () => Promise<T>,
  ): Promise<{ result: T; written: number; loaded: number }> {
    this.collector.run();
    let running = true;
    const writing = (async () => {
      const begin = performance.now();
      const before = this.#source.written;
      while (running) {
        const due = Math.floor((lines_per_second * (performance.now() - begin)) / 1000);
        this.#source.write(due - (this.#source.written - before));
        await sleep(100);
      }
    })();
    try {
      const result = await work();
      const { rows } = await this.server.order<{ rows: number }>('loaded', {});
      return { result, written: this.#source.written, loaded: rows };
    } finally {
      running = false;
      await writing;
      await this.collector.kill('SIGTERM');
    }
  }
}
