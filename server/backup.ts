/**
 * Backups: all of a data directory, taken while the server works, and put back on an empty machine.
 *
 *     backup.json     when, and every file with its size
 *     state.sqlite    users, inventory, collectors, judgements
 *     ledger.sqlite   which records the engine has
 *     engine/         the engine's own backup of its database
 *     journal/        what was acknowledged and not yet loaded
 *     pki/            the authority and its keys: keep a backup as you keep these
 *     artifacts/      whole files
 *     evidence/       the signed days
 *     apiary.yaml     the settings in force
 *
 * The server gathers them in its own data directory, because it may write nowhere else where systemd confines it; who
 * gave the order copies them from there to where it may write itself (take-backup.ts). What never changes once it is
 * written is linked, so only the engine's part takes room for a while.
 *
 * The loader rests while ledger, engine and journal are gathered, so that each knows exactly what the others hold. The
 * gateway goes on: what it acknowledges meanwhile lies in the journal, whose copy is made last, in one go. What collectors
 * deliver after the backup they keep for some days, and send again when the restored server asks for it.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, cp, link } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { restore_mark } from './lock.ts';
import type { ApiaryServer } from './server.ts';
import { backupFolder } from './store/engine-configuration.ts';
import { Store } from './store/store.ts';

const form = 1;
const sqlite_full = 13;
const folders = ['journal', 'pki', 'artifacts', 'evidence'] as const;
const files = ['state.sqlite', 'ledger.sqlite'] as const;

export interface BackupNote {
  form: number;
  made: string;
  /** Bytes of each file; of a backup by an earlier version they are not known. */
  sizes?: Record<string, number>;
}

/** Of every file below a folder, by its path there. */
const sizesIn = (folder: string): Record<string, number> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(folder, path), statSync(path).size];
      }),
  );

/** @throws OperationalError `not_found` for one of which a part is missing, or shorter or longer than it was */
export function requireWhole(from: string, { sizes }: BackupNote): void {
  const there = sizesIn(from);
  const wanted = Object.entries(sizes ?? {});
  const torn = [
    ...files.filter((file) => there[file] === undefined),
    ...['pki', 'engine'].filter((folder) => !existsSync(join(from, folder))),
    ...wanted.filter(([path, size]) => there[path] !== size).map(([path]) => path),
  ];
  if (torn.length > 0)
    throw new OperationalError(
      'not_found',
      `${from} is not whole: ${torn[0]} is missing or not as long as it was${torn.length > 1 ? `, and ${torn.length - 1} more` : ''}; copy the backup again`,
    );
}

/** @throws OperationalError `not_found`; whoever may not look there is told that */
function readNote(from: string): BackupNote {
  const path = join(from, 'backup.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as BackupNote;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new OperationalError(
        'not_found',
        `${path} cannot be read (${error.message}): copy the backup again`,
      );
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new OperationalError('not_found', `${from} holds no backup: there is no ${path}`);
  }
}

export const isEmpty = (path: string): boolean => !existsSync(path) || readdirSync(path).length === 0;

/** Where backups are gathered. */
const gatheringFolder = (directory: string): string => join(directory, 'backup-outgoing');

/** Takes out what backups left that were interrupted. */
export function removeUnfinished(directory: string): void {
  for (const folder of [gatheringFolder(directory), backupFolder(join(directory, 'engine'))])
    rmSync(folder, { recursive: true, force: true });
}

/** Links files that never change; those of another file system are copied, and what is gone meanwhile is not needed. */
async function linkFiles(from: string, to: string): Promise<void> {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(to, relative(from, source));
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    try {
      await link(source, target).catch(() => copyFile(source, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/**
 * Gathers a backup in the data directory. Whoever asked takes it from there, and removes it.
 * @throws OperationalError `config_invalid` where the engine is a server of its own, `engine_down`
 */
export async function gatherBackup(apiary: ApiaryServer): Promise<{ path: string; made: string }> {
  const { directory, store, file: settings } = apiary.config;
  if (store.clickhouse_url !== undefined)
    throw new OperationalError(
      'config_invalid',
      'the database is a ClickHouse server: back it up with its own BACKUP, and the data directory beside it',
    );
  if (apiary.store.state !== 'up')
    throw new OperationalError('engine_down', `the engine is ${apiary.store.state}: a backup needs it`);
  removeUnfinished(directory);
  const made = new Date().toISOString();
  const name = `backup-${Date.now()}`;
  const path = join(gatheringFolder(directory), name);
  const engine = join(backupFolder(join(directory, 'engine')), name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  try {
    await apiary.loader.hold(() =>
      apiary.analysis.hold(async () => {
        apiary.state.copyTo(join(path, 'state.sqlite'));
        apiary.ledger.copyTo(join(path, 'ledger.sqlite'));
        await apiary.store.command(`BACKUP DATABASE apiary TO File('${name}')`);
        // In one go: a segment without the one before it would hide that batches are missing.
        cpSync(join(directory, 'journal'), join(path, 'journal'), { recursive: true });
      }),
    );
    renameSync(engine, join(path, 'engine'));
    await linkFiles(join(directory, 'artifacts'), join(path, 'artifacts'));
    for (const folder of ['pki', 'evidence'] as const)
      if (existsSync(join(directory, folder)))
        await cp(join(directory, folder), join(path, folder), {
          recursive: true,
          // Packages on their way to somebody are none of it; what is removed meanwhile is not needed.
          filter: (source) => existsSync(source) && source !== join(directory, 'evidence', 'outgoing'),
        });
    if (settings !== undefined) copyFileSync(settings, join(path, 'apiary.yaml'));
    writeFileSync(
      join(path, 'backup.json'),
      JSON.stringify({ form, made, sizes: sizesIn(path) } satisfies BackupNote),
    );
    return { path, made };
  } catch (error) {
    removeUnfinished(directory);
    const { code, errcode, message } = error as NodeJS.ErrnoException & { errcode?: number };
    if (code !== 'ENOSPC' && errcode !== sqlite_full) throw error;
    throw new OperationalError(
      'state_unwritable',
      `there is no room to gather the backup in ${directory}: ${message}`,
      {},
      error,
    );
  }
}

/**
 * Puts a backup back. No server may run on the directory.
 * @param directory the data directory: not there, or empty
 * @throws OperationalError `not_found` where there is no backup or a part of it is missing, `conflict` where there are data
 */
export async function restoreBackup(from: string, directory: string): Promise<BackupNote> {
  const note = readNote(from);
  if (note.form !== form)
    throw new OperationalError(
      'config_invalid',
      `${from} is a backup of form ${note.form}; this version reads ${form}`,
    );
  requireWhole(from, note);
  if (!isEmpty(directory))
    throw new OperationalError('conflict', `${directory} is there already and not empty`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // With a ledger of what the engine does not have yet a server would never ask for it again.
  writeFileSync(join(directory, restore_mark), note.made);
  for (const folder of folders)
    if (existsSync(join(from, folder)))
      // Not cpSync, which leaves the modes of folders behind: the authority's is for its owner only.
      await cp(join(from, folder), join(directory, folder), { recursive: true });
  for (const file of [...files, 'apiary.yaml'])
    if (existsSync(join(from, file))) cpSync(join(from, file), join(directory, file));
  const engine = join(directory, 'engine');
  const name = 'restore';
  const there = join(backupFolder(engine), name);
  cpSync(join(from, 'engine'), there, { recursive: true });
  const store = new Store({ directory: engine });
  try {
    await store.whenUp();
    await store.command(
      `RESTORE DATABASE apiary FROM File('${name}') SETTINGS allow_non_empty_tables = true`,
    );
  } finally {
    await store.close();
    rmSync(there, { recursive: true, force: true });
  }
  giveToOwner(directory);
  rmSync(join(directory, restore_mark));
  return note;
}

/** Restored by root, all belongs to whose the directory is: the server runs as that user, and could read nothing of it. */
function giveToOwner(directory: string): void {
  const { uid, gid } = statSync(directory);
  if (process.getuid?.() !== 0 || uid === 0) return;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
}
