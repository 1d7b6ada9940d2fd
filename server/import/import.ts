/**
 * `apiary import`: brings the past in. The command finds the files, a collector of its own reads them, and the running
 * server takes them as from any collector; docs/decisions/import.md says why.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import type { ArrivedFile, FoundFile, ImportProgress, ImportTask, ReadFile } from '@apiary/model/import.ts';
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { giveOrder } from '../give-order.ts';
import type { Understood } from './guess.ts';
import { type LeftOut, planImport, tasksOf } from './plan.ts';
import { ImportReader } from './reader.ts';
import { walk } from './walk.ts';

export interface ImportOptions {
  /** Of the running server. */
  socket: string;
  paths: string[];
  /** T-Pot's data directory, in place of paths. */
  tpot?: string;
  /** One sensor for all, or one for each type, named `<prefix>-<type>`. */
  sensor?: string;
  prefix?: string;
  type?: string;
  time_zone?: string;
  database?: string;
  streams: readonly SubmoduleStreams[];
  tell(progress: ImportProgress & { files_all: number }): void;
}

export interface ImportedFile {
  file: string;
  sensor: string;
  type: string;
  /** Records that its reader made of it. */
  read: number;
  /** Of these, new to the server; the others it had. */
  fresh: number;
  known: number;
  /** Of the new ones, not in the form of the sensor type. */
  rejected: number;
  /** Of the new ones, of a kind that this version does not know. */
  not_understood: number;
  trouble: string;
}

export interface Imported {
  files: ImportedFile[];
  left_out: LeftOut[];
}

interface Begun {
  id: string;
  token: string;
  since_us: string;
  authority: string;
  enrolment: string;
  gateway: string;
}

/** @throws OperationalError `input_invalid`, `unreachable`, `conflict` */
export async function importFiles(options: ImportOptions): Promise<Imported> {
  checkOptions(options);
  const folder = mkdtempSync(join(tmpdir(), 'apiary-import-'));
  const reader = new ImportReader();
  // Ended by a person: what was acknowledged is there, and the same command goes on.
  const stop = (): void => reader.end();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const order = <T>(
      ...[name, args]: [Parameters<typeof giveOrder>[1], Record<string, string>]
    ): Promise<T> => giveOrder(options.socket, name, args) as Promise<T>;
    const type = await findType(options, order);
    const { files, troubles } = await walk(
      options.tpot === undefined ? options.paths : [options.tpot],
      folder,
    );
    const placed = options.tpot === undefined ? files : files.map((file) => asOnTpot(file, options.tpot!));
    const plan = await planImport(await reader.inspect(placed), {
      ...{ streams: options.streams, type, is_tpot: options.tpot !== undefined },
      tryLines: async (lines, types) => {
        const args = { lines: JSON.stringify(lines), types: types.join(',') };
        return (await order<{ found: Understood[] }>('importGuess', args)).found;
      },
    });
    const left_out: LeftOut[] = [
      ...troubles.map(({ shown, trouble }) => ({ shown, reason: trouble, is_trouble: true })),
      ...plan.left_out,
    ];
    const prefix = options.prefix ?? (options.tpot === undefined ? undefined : 'tpot');
    const tasks = tasksOf(plan, (of_type) => options.sensor ?? `${prefix}-${of_type}`);
    if (tasks.length === 0) return { files: [], left_out };
    const sensors = sensorsOf(tasks);
    const { id, since_us, ...access } = await order<Begun>('importBegin', {
      sensors: JSON.stringify(sensors),
    });
    let arrived: ArrivedFile[] = [];
    let read: ReadFile[] = [];
    try {
      read = await reader.run(
        {
          ...{ ...access, tasks, folder: join(folder, 'collector') },
          ...(options.time_zone === undefined ? {} : { time_zone: options.time_zone }),
          ...(options.database === undefined ? {} : { database: options.database }),
        },
        (progress) => options.tell({ ...progress, files_all: tasks.length }),
      );
    } finally {
      const names = JSON.stringify(sensors.map(({ name }) => name));
      ({ files: arrived } = await order<{ files: ArrivedFile[] }>('importEnd', {
        id,
        since_us,
        sensors: names,
      }));
    }
    return { files: joinCounts(tasks, read, arrived), left_out };
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    reader.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkOptions({ paths, tpot, sensor, prefix, type, streams, time_zone }: ImportOptions): void {
  const wrong = (message: string): never => {
    throw new OperationalError('input_invalid', message);
  };
  if (tpot === undefined && paths.length === 0) wrong('name files or directories to import');
  if (tpot !== undefined && (paths.length > 0 || sensor !== undefined))
    wrong('--tpot takes one directory, and names its sensors itself: --prefix NAME');
  if (tpot === undefined && (sensor === undefined) === (prefix === undefined))
    wrong('say whose records these are: --sensor NAME, or --prefix NAME for one sensor of each type');
  if (type !== undefined && !streams.some(({ name }) => name === type))
    wrong(`there is no sensor type "${type}"; known are: ${streams.map(({ name }) => name).join(', ')}`);
  if (time_zone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: time_zone });
  } catch {
    wrong(`there is no time zone "${time_zone}": write a name like Europe/Bratislava or UTC`);
  }
}

/** A sensor that is there has its type. */
async function findType(
  { sensor, type }: ImportOptions,
  order: <T>(name: 'importSensor', args: Record<string, string>) => Promise<T>,
): Promise<string | undefined> {
  if (sensor === undefined) return type;
  const known = (await order<{ type: string | null }>('importSensor', { name: sensor })).type;
  if (known !== null && type !== undefined && known !== type)
    throw new OperationalError('conflict', `the sensor "${sensor}" is a ${known}, not a ${type}`);
  return known ?? type;
}

/** Where T-Pot had it: under that path its own collector would have read it, so that nothing comes twice. */
function asOnTpot({ path, shown }: FoundFile, directory: string): FoundFile {
  const archived = shown.lastIndexOf('/data/');
  const is_archived = archived !== -1 && /\.(?:tgz|tar|tar\.gz)(?:\.\d+)?$/i.test(shown.slice(0, archived));
  if (is_archived) return { path, shown: shown.slice(archived) };
  return { path, shown: join('/data', relative(resolve(directory), shown)) };
}

function sensorsOf(tasks: readonly ImportTask[]): { name: string; type: string }[] {
  const types = new Map<string, Map<string, string>>();
  for (const { sensor, type, shown } of tasks) {
    const found = types.get(sensor) ?? new Map<string, string>();
    types.set(sensor, found.set(type, shown));
  }
  return [...types].map(([name, found]) => {
    const [type = '', ...others] = found.keys();
    if (others.length === 0) return { name, type };
    const told = [...found].map(([one, shown]) => `${one} (${shown})`).join(', ');
    const message = `these files are of several sensor types: ${told}. Name one with --type, or let each have a sensor with --prefix NAME`;
    throw new OperationalError('input_invalid', message);
  });
}

/** What was read beside what arrived; a file that came twice under one name is one. */
function joinCounts(
  tasks: readonly ImportTask[],
  read: readonly ReadFile[],
  arrived: readonly ArrivedFile[],
): ImportedFile[] {
  const types = new Map(tasks.map(({ sensor, type }) => [sensor, type]));
  const files = new Map<string, ImportedFile>();
  for (const { shown, sensor, records, trouble } of read) {
    const key = `${sensor} ${shown}`;
    const known = files.get(key);
    if (known !== undefined) {
      known.read += records;
      known.trouble = [known.trouble, trouble].filter(Boolean).join('; ');
    } else
      files.set(key, {
        ...{ file: shown, sensor, type: types.get(sensor) ?? '', read: records, trouble },
        ...{ fresh: 0, known: 0, rejected: 0, not_understood: 0 },
      });
  }
  for (const { shown, sensor, fresh, rejected, not_understood } of arrived) {
    const file = files.get(`${sensor} ${shown}`);
    // Others came from a collector meanwhile.
    if (file !== undefined) Object.assign(file, { fresh, rejected, not_understood });
  }
  for (const file of files.values()) file.known = Math.max(0, file.read - file.fresh);
  return [...files.values()];
}
