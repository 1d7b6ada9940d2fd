/**
 * A thousand collectors against one gateway: light clients of the real protocol, each enrolled with a certificate and a
 * sensor of its own, each one batch a second for a minute. Nothing may be lost; how long an acknowledgement takes is
 * counted from the moment at which the batch was due.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { makeCowrieLines } from './cowrie-lines.ts';
import { enrolFleet, type Member, sendNext } from './fleet-member.ts';
import { peakMemory } from './peak-memory.ts';
import { Durations } from './query-figures.ts';

const lines_of_batch = 10;
const load_within_ms = 300_000;
export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const collectors = Number(values.collectors ?? 1000);
  const seconds = Number(values.seconds ?? 60);
  const root = mkdtempSync(join(tmpdir(), 'apiary-fleet-'));
  const server = await ServerProcess.start(join(root, 'server'));
  let members: Member[] = [];
  try {
    members = await enrolFleet(server, root, collectors, lines_of_batch);
    const lines = makeCowrieLines(collectors + 10_000)
      .toString()
      .split('\n')
      .slice(0, -1);
    const durations = new Durations();
    const started = performance.now();
    let sent = 0;
    await Promise.all(
      members.map(async (member, index) => {
        // Spread over the second, as a fleet is.
        const offset = (1000 * index) / collectors;
        for (let second = 0; second < seconds; second += 1) {
          const due = started + offset + 1000 * second;
          await sleep(Math.max(0, due - performance.now()));
          await sendNext(member, lines, lines_of_batch);
          durations.add(performance.now() - due);
          sent += 1;
        }
      }),
    );
    const took = (performance.now() - started) / 1000;
    const records = sent * lines_of_batch;
    const deadline = Date.now() + load_within_ms;
    let loaded = 0;
    while (loaded < records && Date.now() < deadline) {
      loaded = (await server.order<{ rows: number }>('loaded', {})).rows;
      await sleep(200);
    }
    const { tables } = await server.order<{ tables: { table: string; rows: number }[] }>('storeSizes', {});
    return {
      bench: 'fleet',
      collectors,
      seconds: Math.round(took),
      batches: sent,
      batches_due: collectors * seconds,
      records_acknowledged: records,
      records_in_engine: tables.find(({ table }) => table === 'cowrie_json')?.rows ?? 0,
      acknowledged_ms: durations.figures(),
      server_mib: peakMemory(server.child?.pid),
      engine_mib: peakMemory(await server.enginePid()),
    };
  } finally {
    for (const { client } of members) client.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
