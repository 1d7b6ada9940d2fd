/**
 * Lines per second from the sensor's file to the event table, through collector, TLS, gateway, journal and
 * loader, beside what the bare engine does with the same lines in the same minute, and their ratio.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildCollector } from '@apiary/collector/build.ts';
import { CollectorProcess } from '@apiary/tests/rig/collector-process.ts';
import { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { makeCowrieLines } from './cowrie-lines.ts';
import { peakMemory } from './peak-memory.ts';

const mib = 1024 * 1024;
const wait_ms_max = 300_000;

interface Round {
  lines_per_second: number;
  bare_lines_per_second: number;
  ratio: number;
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

class Bench {
  readonly #root = mkdtempSync(join(tmpdir(), 'apiary-bench-'));
  readonly #program: string;
  #round = 0;

  constructor(program: string) {
    this.#program = program;
  }

  bare(lines_path: string, count: number): number {
    const directory = join(this.#root, `bare-${this.#round++}`);
    mkdirSync(directory);
    const text = execFileSync(
      process.execPath,
      [fileURLToPath(new URL('./bare-engine.ts', import.meta.url)), directory, lines_path, String(count)],
      { encoding: 'utf8' },
    );
    rmSync(directory, { recursive: true });
    return (JSON.parse(text) as { lines_per_second: number }).lines_per_second;
  }

  /** One server and one collector; `feed` writes the sensor's file. */
  async whole(
    count: number,
    feed: (path: string) => Promise<void>,
  ): Promise<{
    lines_per_second: number;
    server_mib: number;
    engine_mib: number;
    collector_mib: number;
    record_bytes: number;
    event_bytes: number;
  }> {
    const directory = join(this.#root, `whole-${this.#round++}`);
    const server = await ServerProcess.start(join(directory, 'server'));
    const path = join(directory, 'cowrie.json');
    const collector = await CollectorProcess.enrol(
      server,
      join(directory, 'collector'),
      'bench',
      [{ name: 'bench', type: 'cowrie', paths: { json: path } }],
      { program: this.#program },
    );
    collector.run();
    await sleep(1500);
    const started = performance.now();
    const feeding = feed(path);
    while ((await this.#loaded(server)) < count) {
      if (performance.now() - started > wait_ms_max)
        throw new Error(
          `after ${wait_ms_max} ms ${await this.#loaded(server)} of ${count} lines had come\n${collector.output}\n${server.output}`,
        );
      await sleep(50);
    }
    const seconds = (performance.now() - started) / 1000;
    await feeding;
    const sizes = await server.order<{ tables: { table: string; rows: number; bytes: number }[] }>(
      'storeSizes',
      {},
    );
    const size = (table: string): number => {
      const found = sizes.tables.find((candidate) => candidate.table === table);
      return found === undefined ? 0 : rounded(found.bytes / found.rows);
    };
    const figures = {
      lines_per_second: count / seconds,
      server_mib: peakMemory(server.child?.pid),
      engine_mib: peakMemory(await server.enginePid()),
      collector_mib: peakMemory(collector.child?.pid),
      record_bytes: size('cowrie_json'),
      event_bytes: size('event'),
    };
    await collector.kill('SIGTERM');
    await server.stop();
    rmSync(directory, { recursive: true });
    return figures;
  }

  async #loaded(server: ServerProcess): Promise<number> {
    return (await server.order<{ rows: number }>('loaded', {})).rows;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  get root(): string {
    return this.#root;
  }
}

/** A source that writes `burst` lines at a time, ten times a second. */
async function writeInBursts(path: string, lines: Buffer, burst: number): Promise<void> {
  let at = 0;
  while (at < lines.length) {
    let end = at;
    for (let line = 0; line < burst && end < lines.length; line += 1) end = lines.indexOf(10, end) + 1;
    appendFileSync(path, lines.subarray(at, end));
    at = end;
    await sleep(100);
  }
}

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const count = Number(values.lines ?? 400_000);
  const rounds = Number(values.rounds ?? 5);
  const program = await buildCollector();
  const bench = new Bench(program);
  try {
    const lines = makeCowrieLines(count);
    const lines_path = join(bench.root, 'lines');
    writeFileSync(lines_path, lines);
    const all: Round[] = [];
    let last: Awaited<ReturnType<Bench['whole']>> | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const bare = bench.bare(lines_path, count);
      last = await bench.whole(count, async (path) => writeFileSync(path, lines));
      all.push({
        lines_per_second: rounded(last.lines_per_second),
        bare_lines_per_second: rounded(bare),
        ratio: rounded(last.lines_per_second / bare),
      });
    }
    const slow: Record<string, number> = {};
    for (const burst of [20, 2000]) {
      const part = makeCowrieLines(burst * 100);
      slow[`bursts_of_${burst}_lines_per_second`] = rounded(
        (await bench.whole(burst * 100, (path) => writeInBursts(path, part, burst))).lines_per_second,
      );
    }
    return {
      bench: 'ingest',
      lines: count,
      line_bytes: Math.round(lines.length / count),
      megabytes: Math.round(lines.length / mib),
      ratio: median(all.map(({ ratio }) => ratio)),
      lines_per_second: median(all.map(({ lines_per_second }) => lines_per_second)),
      bare_lines_per_second: median(all.map(({ bare_lines_per_second }) => bare_lines_per_second)),
      ...slow,
      server_mib: last?.server_mib,
      engine_mib: last?.engine_mib,
      collector_mib: last?.collector_mib,
      record_bytes: last?.record_bytes,
      event_bytes: last?.event_bytes,
      rounds: all,
    };
  } finally {
    bench.remove();
  }
}
