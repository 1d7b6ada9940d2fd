/** Reads one file of an import to its end, by the same readers that follow live sources. */
import {
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { appendFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeFrame } from '@apiary/model/batch.ts';
import type { ImportTask } from '@apiary/model/import.ts';
import type { FileStream, FramedStream, SqliteStream, StreamSource } from '@apiary/model/submodule.ts';
import { config_numbers, read_ahead_bytes } from '../config.ts';
import { statFile } from '../readers/artifact-files.ts';
import { filesGeneration, takeFile } from '../readers/artifact-take.ts';
import { FramedReader } from '../readers/framed.ts';
import { Follower } from '../readers/line-follower.ts';
import { Lives } from '../readers/line-life.ts';
import { ReadBuffers } from '../readers/reader.ts';
import { SqliteReader } from '../readers/sqlite.ts';
import type { ArtifactSpool } from '../spool/artifacts.ts';
import type { CountingSink } from './counting-sink.ts';
import { loadDump } from './dump.ts';
import { readStart } from './inspect.ts';
import { packingOf, unpack } from './unpack.ts';

export interface TaskContext {
  sink: CountingSink;
  /** Emptied before each file. */
  folder: string;
  artifacts: ArtifactSpool;
  time_zone: string | undefined;
  database: string | undefined;
  /** Throws where waiting is in vain: the server refuses what this sensor has. */
  check(): void;
}

const { limits } = config_numbers;
const line_bytes_max = limits.line_bytes_max.value;
const records_max = limits.records_max.value;
const wait_ms = 50;
/** As a collector's artifacts.bytes_max allows at most; the server has limits of its own. */
const artifact_bytes_max = config_numbers.artifacts.bytes_max.max;
let buffers: ReadBuffers | undefined;

/** @returns what could not be read of it; '' where all was */
export async function readTask(
  task: ImportTask,
  source: StreamSource,
  context: TaskContext,
): Promise<string> {
  rmSync(context.folder, { recursive: true, force: true });
  mkdirSync(context.folder, { mode: 0o700 });
  if (source.kind === 'files') return takeWhole(task, source, context);
  const packing = packingOf(await readStart(task.path, 16));
  let path = task.path;
  let damage = '';
  if (packing !== 'none') {
    ({ path, damage } = await unpack(task.path, packing, context.folder));
    // The last line of what was torn is no line of the source.
    if (damage !== '' && source.kind === 'lines') await cutTornLine(path);
  }
  const trouble = await readPlain(path, source, context);
  return [damage === '' ? '' : `damaged: ${damage}`, trouble, context.sink.trouble]
    .filter(Boolean)
    .join('; ');
}

async function readPlain(path: string, source: StreamSource, context: TaskContext): Promise<string> {
  switch (source.kind) {
    case 'lines':
      return readLines(path, source.stream, source.has_header === true, context);
    case 'framed':
      return readFramed(path, source, context);
    case 'sqlite':
      return readDatabase(path, source, context);
    case 'mysql': {
      const made = join(context.folder, 'dump.sqlite');
      const loaded = await loadDump({ dump: path, path: made, source, database: context.database });
      const trouble =
        loaded.source.generation_table === '' ? '' : await readDatabase(made, loaded.source, context);
      return [loaded.trouble, trouble].filter(Boolean).join('; ');
    }
    default:
      return 'this kind of source cannot be imported';
  }
}

async function cutTornLine(path: string): Promise<void> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(64 * 1024);
  let keep = 0;
  try {
    for (let end = size; end > 0 && keep === 0; end -= buffer.length) {
      const start = Math.max(0, end - buffer.length);
      const { bytesRead } = await handle.read(buffer, 0, end - start, start);
      const last = buffer.subarray(0, bytesRead).lastIndexOf(10);
      if (last !== -1) keep = start + last + 1;
    }
  } finally {
    await handle.close();
  }
  truncateSync(path, keep);
}

async function readLines(
  path: string,
  stream: string,
  has_header: boolean,
  { sink, time_zone, check }: TaskContext,
): Promise<string> {
  const { dev, ino, size, mtimeMs: mtime_ms } = statSync(path);
  buffers ??= new ReadBuffers(line_bytes_max + read_ahead_bytes);
  const follower = new Follower(
    { path, shown: path, dev, ino, size, mtime_ms, compression: 'none', is_rotated: true },
    {
      ...{ sink, buffers, lives: new Lives(stream, {}), stream, time_zone, has_header },
      ...{ is_final: true, idle_ms: 0, limits: { line_bytes_max, records_max } },
      isStopped: () => false,
      gap: async (life, from, to, reason) => {
        await sink.appendGap({
          ...{ stream, source: path, generation: life.generation, from, to, reason },
          noticed_ms: Date.now(),
        });
      },
    },
  );
  try {
    while (!(await follower.follow())) {
      check();
      await sleep(wait_ms);
    }
  } finally {
    await follower.close();
  }
  return '';
}

async function readFramed(path: string, source: FramedStream, context: TaskContext): Promise<string> {
  // Alone in a folder and under a name that is no pattern.
  const folder = join(context.folder, 'alone');
  mkdirSync(folder);
  const staged = join(folder, 'source');
  if (source.form.kind === 'paragraphs') {
    const { path: copy } = await unpack(path, 'none', folder);
    renameSync(copy, staged);
    // The last paragraph waits for the empty line behind it, which a finished file may lack.
    await appendFile(staged, '\n\n');
  } else symlinkSync(path, staged);
  buffers ??= new ReadBuffers(line_bytes_max + read_ahead_bytes);
  const reader = new FramedReader(context.sink, buffers, {
    ...{ source, patterns: [staged], record_bytes_max: line_bytes_max, time_zone: context.time_zone },
    look_ms: 0,
  });
  let before = -1;
  for (;;) {
    await reader.poll();
    const { followed, trouble, is_waiting } = reader.status();
    if (trouble !== '') return trouble.replace(`${staged}: `, '');
    const at = followed[0]?.offset ?? 0;
    if (!is_waiting && at === before) return '';
    before = at;
    context.check();
    if (is_waiting) await sleep(wait_ms);
  }
}

async function readDatabase(path: string, source: SqliteStream, context: TaskContext): Promise<string> {
  const reader = new SqliteReader(context.sink, {
    ...{ source, path, work_folder: join(context.folder, 'copy'), record_bytes_max: line_bytes_max },
    ...{ records_max, time_zone: context.time_zone, interval_ms_min: 0 },
  });
  try {
    for (;;) {
      await reader.poll();
      const { trouble } = reader.status();
      if (trouble !== '') return trouble.replace(`${path}: `, '');
      if (reader.is_read) return '';
      context.check();
      await sleep(wait_ms);
    }
  } finally {
    await reader.stop();
  }
}

/** A whole file: its bytes go beside the batches, its record names the path under which the honeypot had it. */
async function takeWhole(task: ImportTask, source: FileStream, context: TaskContext): Promise<string> {
  const { sink, artifacts, time_zone } = context;
  const fd = openSync(task.path, 'r');
  try {
    const file = statFile(fd, Buffer.from(task.shown, 'utf8').toString('latin1'));
    if (file === undefined) return 'is no regular file';
    const size = Math.min(Number(file.size), artifact_bytes_max);
    while (!artifacts.hasRoom(task.sensor, size)) {
      context.check();
      await sleep(wait_ms);
    }
    const options = { spool: artifacts, sensor: task.sensor, kind: source.holds, is_restless: true };
    const taken = await takeFile(fd, file, { ...options, bytes_max: artifact_bytes_max });
    if (taken === undefined) return 'changed while it was read';
    const bytes = encodeFrame(taken.place, 0, taken.record.length, taken.record);
    await sink.append(
      {
        ...{ stream: source.stream, source: task.shown, generation: filesGeneration(source.stream) },
        ...{ kind: 'frames', first: String(taken.place), next: String(taken.place + 1n), records: 1 },
        bytes: bytes.length,
        ...(time_zone === undefined ? {} : { time_zone }),
      },
      bytes,
      {},
    );
    return taken.is_cut ? `is longer than ${artifact_bytes_max} bytes and was cut` : '';
  } finally {
    closeSync(fd);
  }
}
