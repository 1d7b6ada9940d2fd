/**
 * An import: a collector that lives as long as one command. It is enrolled like any other, reads the files of its tasks
 * one after another into a spool of its own, and ends when the server has all of it durably.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationalError } from '@apiary/model/errors.ts';
import type { ImportProgress, ImportRun, ReadFile } from '@apiary/model/import.ts';
import { pathKey, type StreamSource, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import { ArtifactUplink } from '../artifact-uplink.ts';
import { config_numbers } from '../config.ts';
import { enrol } from '../enrol.ts';
import { type Enrolment, Identity } from '../identity.ts';
import { ArtifactSpool } from '../spool/artifacts.ts';
import { Spool } from '../spool/spool.ts';
import { Uplink } from '../uplink.ts';
import { CountingSink } from './counting-sink.ts';
import { readTask } from './read-task.ts';

const mib = 1024 * 1024;
const spool_bytes = 256 * mib;
const tell_every_ms = 500;
/** Bytes of whole files that the server refuses for so long, while all else is there, are given up and told. */
const refused_ms_max = 15_000;

export async function runImport(
  run: ImportRun,
  streams: readonly SubmoduleStreams[],
  tell: (progress: ImportProgress) => void,
): Promise<ReadFile[]> {
  await enrolAt(run, streams);
  const identity = new Identity(run.folder);
  const sensors = [...new Set(run.tasks.map(({ sensor }) => sensor))];
  const { limits } = config_numbers;
  const spool = new Spool({
    folder: join(run.folder, 'spool'),
    // One sensor is read after another, so that each may have nearly all.
    ...{ bytes_max: 2 * spool_bytes, keep_acknowledged_hours: 0 },
    ...{ batch_bytes_max: limits.batch_bytes_max.value, records_max: limits.records_max.value },
    linger_ms: limits.linger_ms.value,
    sensors: sensors.map((name) => ({ name, share_bytes: spool_bytes })),
  });
  // A file goes as a whole, and the largest must fit beside one that is under way.
  const artifacts = new ArtifactSpool(join(run.folder, 'artifacts'), 4 * 1024 * mib, sensors, 1);
  const uplink = new Uplink(spool, identity);
  const artifact_uplink = new ArtifactUplink(artifacts, identity);
  const files: ReadFile[] = [];
  let current: CountingSink | undefined;
  const told = (): ImportProgress => ({
    files: files.length,
    records: files.reduce((sum, { records }) => sum + records, current?.records ?? 0),
    acknowledged: [...spool.chains.values()].reduce((sum, chain) => sum + chain.acked_records, 0),
    trouble: [uplink.trouble, ...spool.troubles.values()].find((one) => one !== '') ?? '',
  });
  const timer = setInterval(() => tell(told()), tell_every_ms);
  const throwRefusal = (): void => {
    for (const sensor of sensors) {
      if (!uplink.isRefused(sensor)) continue;
      throw new OperationalError('conflict', `the server refuses ${sensor}: ${uplink.refusalOf(sensor)}`);
    }
  };
  uplink.start();
  artifact_uplink.start();
  try {
    for (const task of run.tasks) {
      const sink = new CountingSink(spool.chains.get(task.sensor)!, task.shown);
      current = sink;
      const source = findSource(streams, task.type, task.key);
      let trouble: string;
      try {
        trouble = await readTask(task, source, {
          ...{ sink, folder: join(run.folder, 'file'), artifacts },
          ...{ time_zone: run.time_zone, database: run.database, check: throwRefusal },
        });
      } catch (error) {
        // One file's: others go on.
        trouble = (error as Error).message;
      }
      const { shown, sensor } = task;
      const whole = source.kind === 'files' ? sink.records : 0;
      current = undefined;
      files.push({ shown, sensor, records: sink.records, artifacts: whole, trouble });
      throwRefusal();
    }
    const isWaiting = (): boolean =>
      [...spool.chains.values()].some((chain) => chain.waiting_records + chain.pending_records > 0);
    while (isWaiting()) {
      throwRefusal();
      await sleep(wait_ms);
    }
    await deliverArtifacts(artifact_uplink, files);
    tell(told());
    return files;
  } finally {
    clearInterval(timer);
    artifact_uplink.stop();
    await uplink.stop(0);
    await spool.stop();
    identity.close();
  }
}

const wait_ms = 50;

async function deliverArtifacts(uplink: ArtifactUplink, files: ReadFile[]): Promise<void> {
  let sent = -1;
  let since_ms = performance.now();
  for (let state = uplink.state(); state.waiting > 0; state = uplink.state()) {
    if (state.sent !== sent || state.trouble === '') {
      sent = state.sent;
      since_ms = performance.now();
    }
    if (performance.now() - since_ms > refused_ms_max) {
      const message = `the bytes of ${state.waiting} whole files were not taken: ${state.trouble}`;
      files.push({ shown: '(whole files)', sensor: '', records: 0, artifacts: 0, trouble: message });
      return;
    }
    await sleep(wait_ms);
  }
}

function findSource(streams: readonly SubmoduleStreams[], type: string, key: string): StreamSource {
  const source = streams.find(({ name }) => name === type)?.sources.find((one) => pathKey(one) === key);
  if (source !== undefined) return source;
  throw new OperationalError('input_invalid', `the sensor type ${type} has no source ${JSON.stringify(key)}`);
}

/** The server says where collectors elsewhere reach it; this one is on the same machine. */
async function enrolAt(run: ImportRun, streams: readonly SubmoduleStreams[]): Promise<void> {
  mkdirSync(run.folder, { recursive: true, mode: 0o700 });
  const { folder: dir, enrolment: server, token, authority } = run;
  await enrol({ dir, config_path: join(dir, 'collector.yaml'), server, token, authority, streams });
  const path = join(dir, 'enrolment.json');
  const told = JSON.parse(readFileSync(path, 'utf8')) as Enrolment;
  writeFileSync(path, JSON.stringify({ ...told, gateway: run.gateway, enrolment: run.enrolment }));
}
