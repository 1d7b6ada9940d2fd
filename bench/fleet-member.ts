/** A light client of the real protocol with a certificate and a sensor of its own, for benchmarks of many. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrol } from '@apiary/collector/enrol.ts';
import { paths } from '@apiary/model/protocol.ts';
import { batchOfLines, LightClient } from '@apiary/tests/rig/light-client.ts';
import type { ServerProcess } from '@apiary/tests/rig/server-process.ts';

/** A server that takes nothing for so long is broken. */
const waiting_ms_max = 300_000;
const enrolled_at_once = 20;

export interface Member {
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
  lines_of_batch: number,
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

/** Registers and enrols as many; some at once, as people do who install a fleet. */
export async function enrolFleet(
  server: ServerProcess,
  root: string,
  collectors: number,
  lines_of_batch: number,
): Promise<Member[]> {
  const commands: string[] = [];
  for (let index = 0; index < collectors; index += 1) commands.push(await addMember(server, index));
  const members: Member[] = [];
  for (let index = 0; index < collectors; index += enrolled_at_once)
    members.push(
      ...(await Promise.all(
        commands
          .slice(index, index + enrolled_at_once)
          .map((command, offset) => enrolMember(server, root, index + offset, command, lines_of_batch)),
      )),
    );
  return members;
}

/**
 * Sends the next batch, as often as it takes; what was not acknowledged is the same batch again.
 * @returns how often it was told to wait.
 */
export async function sendNext(
  member: Member,
  lines: readonly string[],
  lines_of_batch: number,
): Promise<number> {
  member.seq += 1;
  const some = Array.from(
    { length: lines_of_batch },
    (_, index) => lines[(member.at + index) % lines.length]!,
  );
  const { sensor, spool_id, seq, prev } = member;
  const batch = batchOfLines({ sensor, spool_id, seq, prev }, some, member.place);
  const began_ms = performance.now();
  let waits = 0;
  for (; ; waits += 1) {
    const answer = await member.client.post(paths.batch, batch.bytes);
    if (answer.status === 200) break;
    if (performance.now() - began_ms > waiting_ms_max)
      throw new Error(`${sensor}: ${JSON.stringify(answer.body)}`);
    await sleep(Number(answer.body.error?.details.retry_after_ms ?? 200));
  }
  member.at += lines_of_batch;
  member.place += batch.header.body_bytes;
  member.prev = batch.hash;
  return waits;
}
