/**
 * A thousand collectors against one gateway: light clients of the real protocol, each enrolled with a certificate and a
 * sensor of its own, each one batch a second for a minute. Nothing may be lost; how long an acknowledgement takes is
 * counted from the moment at which the batch was due.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrol } from '@apiary/collector/enrol.ts';
import { paths } from '@apiary/model/protocol.ts';
import { batchOfLines, LightClient } from '@apiary/tests/rig/light-client.ts';
import { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { makeCowrieLines } from './cowrie-lines.ts';
import { peakMemory } from './peak-memory.ts';
import { Durations } from './query-figures.ts';

const lines_of_batch = 10;
const enrolled_at_once = 20;
const load_within_ms = 300_000;
const retries_max = 20;

interface Member {
  client: LightClient;
  sensor: string;
  spool_id: string;
  seq: number;
  prev: string;
  place: number;
  at: number;
}

const nameOf = (index: number): string => `fleet-${index}`;

/** @returns the command that a person would run */
async function addMember(server: ServerProcess, index: number): Promise<string> {
  const name = nameOf(index);
  const added = { name, lives_in: 'elsewhere', sensors: `${name}:cowrie` };
  return (await server.order<{ command: string }>('collectorAdd', added)).command;
}

async function enrolMember(
  server: ServerProcess,
  root: string,
  index: number,
  command: string,
): Promise<Member> {
  const sensor = nameOf(index);
  const dir = join(root, sensor);
  const word = (option: string): string => new RegExp(`--${option} (\\S+)`).exec(command)![1]!;
  await enrol({
    dir,
    config_path: join(dir, 'collector.yaml'),
    server: word('server'),
    token: word('token'),
    authority: word('authority'),
    streams: [],
  });
  const spool_id = index.toString(16).padStart(32, '0');
  return {
    client: new LightClient(dir, server.gateway_port),
    sensor,
    spool_id,
    seq: 0,
    prev: '',
    place: 0,
    at: index * lines_of_batch,
  };
}

/** Sends the next batch, as often as it takes; what was not acknowledged is the same batch again. */
async function sendNext(member: Member, lines: readonly string[]): Promise<void> {
  member.seq += 1;
  const some = Array.from(
    { length: lines_of_batch },
    (_, index) => lines[(member.at + index) % lines.length]!,
  );
  const { sensor, spool_id, seq, prev } = member;
  const batch = batchOfLines({ sensor, spool_id, seq, prev }, some, member.place);
  for (let attempt = 0; ; attempt += 1) {
    const answer = await member.client.post(paths.batch, batch.bytes);
    if (answer.status === 200) break;
    if (attempt === retries_max) throw new Error(`${sensor}: ${JSON.stringify(answer.body)}`);
    await sleep(Number(answer.body.error?.details.retry_after_ms ?? 200));
  }
  member.at += lines_of_batch;
  member.place += batch.header.body_bytes;
  member.prev = batch.hash;
}

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const collectors = Number(values.collectors ?? 1000);
  const seconds = Number(values.seconds ?? 60);
  const root = mkdtempSync(join(tmpdir(), 'apiary-fleet-'));
  const server = await ServerProcess.start(join(root, 'server'));
  const members: Member[] = [];
  try {
    const commands: string[] = [];
    for (let index = 0; index < collectors; index += 1) commands.push(await addMember(server, index));
    for (let index = 0; index < collectors; index += enrolled_at_once)
      members.push(
        ...(await Promise.all(
          commands
            .slice(index, index + enrolled_at_once)
            .map((command, offset) => enrolMember(server, root, index + offset, command)),
        )),
      );
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
          await sendNext(member, lines);
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
