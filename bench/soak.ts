/**
 * Steady work for long: twenty collectors bring 5,000 lines a second over the real protocol while four people click. What
 * the server and its engine hold, how long a click takes, how far the engine is behind, parts and bytes on disk, looked at
 * again and again: none of them may grow without reason.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@apiary/tests/rig/random.ts';
import { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { makeCowrieLines } from './cowrie-lines.ts';
import { enrolFleet, type Member, sendNext } from './fleet-member.ts';
import { peakMemory } from './peak-memory.ts';
import { Durations } from './query-figures.ts';

const collectors_by_default = 20;
const lines_a_second = 5000;
const people = 4;
const samples = 12;
const pages = [
  '/overview?last=1h',
  '/overview?last=24h',
  '/events?last=1h',
  '/events?last=24h&username=root',
  '/events/count?last=24h',
  '/incidents?last=24h&order=matters',
  '/reports/global/passwords?last=24h',
  '/sensors',
];

/** What a process holds now, MiB. */
function memoryNow(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kib) / 1024);
}

interface Sample {
  minute: number;
  server_mib: number;
  engine_mib: number;
  /** Lines that were acknowledged and are not in the engine. */
  behind: number;
  /** How often a collector was told to wait since the sample before. */
  waits: number;
  parts: number;
  disk_mb: number;
  clicks: ReturnType<Durations['figures']>;
}

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const minutes = Number(values.minutes ?? 30);
  const collectors = Number(values.collectors ?? collectors_by_default);
  const lines_of_batch = Math.round(lines_a_second / collectors);
  const root = mkdtempSync(join(tmpdir(), 'apiary-soak-'));
  const server = await ServerProcess.start(join(root, 'server'));
  let members: Member[] = [];
  try {
    members = await enrolFleet(server, root, collectors, lines_of_batch);
    const lines = makeCowrieLines(400_000).toString().split('\n').slice(0, -1);
    const random = seededRandom(1);
    const started = performance.now();
    const ends = started + minutes * 60_000;
    let acknowledged = 0;
    let waits = 0;
    let clicks = new Durations();
    const all_clicks = new Durations();
    const goes_on = (): boolean => performance.now() < ends;
    const collecting = members.map(async (member, index) => {
      for (let second = 0; goes_on(); second += 1) {
        const due = started + (1000 * index) / collectors + 1000 * second;
        await sleep(Math.max(0, due - performance.now()));
        waits += await sendNext(member, lines, lines_of_batch);
        acknowledged += lines_of_batch;
      }
    });
    const clicking = Array.from({ length: people }, async () => {
      while (goes_on()) {
        await sleep(500 + random() * 2500);
        const path = pages[Math.floor(random() * pages.length)]!;
        const begin = performance.now();
        await server.get(path);
        clicks.add(performance.now() - begin);
        all_clicks.add(performance.now() - begin);
      }
    });
    const seen: Sample[] = [];
    for (let sample = 1; sample <= samples; sample += 1) {
      await sleep(Math.max(0, started + (minutes * 60_000 * sample) / samples - performance.now()));
      const { rows } = await server.order<{ rows: number }>('loaded', {});
      const { tables } = await server.order<{ tables: { bytes: number; parts: number }[] }>('storeSizes', {});
      seen.push({
        minute: Math.round(((performance.now() - started) / 60_000) * 10) / 10,
        server_mib: memoryNow(server.child?.pid),
        engine_mib: memoryNow(await server.enginePid()),
        behind: acknowledged - rows,
        waits,
        parts: tables.reduce((sum, { parts }) => sum + parts, 0),
        disk_mb: Math.round(tables.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6),
        clicks: clicks.figures(),
      });
      clicks = new Durations();
      waits = 0;
    }
    await Promise.all([...collecting, ...clicking]);
    const seconds = (performance.now() - started) / 1000;
    return {
      bench: 'soak',
      minutes,
      collectors,
      lines_acknowledged: acknowledged,
      lines_a_second: Math.round(acknowledged / seconds),
      clicks_ms: all_clicks.figures(),
      server_peak_mib: peakMemory(server.child?.pid),
      engine_peak_mib: peakMemory(await server.enginePid()),
      samples: seen,
    };
  } finally {
    for (const { client } of members) client.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
