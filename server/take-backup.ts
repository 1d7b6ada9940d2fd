/** Takes what the server gathered or wrote in its data directory to where a person wants it, with that person's rights. */
import { constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { copyFile, cp, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { type BackupNote, isEmpty, requireWhole } from './backup.ts';
import { giveOrder } from './give-order.ts';

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What is told as taken must not be lost with the power. */
async function syncAll(folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() || entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
  await sync(folder);
}

/**
 * @param socket of the running server
 * @param target a directory that is not there, or empty
 * @throws OperationalError `conflict` for one that is neither
 */
export async function takeBackup(socket: string, target: string): Promise<{ made: string }> {
  if (!isEmpty(target)) throw new OperationalError('conflict', `${target} is there already and not empty`);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  // Before the server begins: whether it can be written there at all.
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  let gathered = '';
  const clean = (): void => {
    rmSync(partial, { recursive: true, force: true });
    if (gathered !== '') rmSync(gathered, { recursive: true, force: true });
  };
  const interrupt = (): void => {
    clean();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const { path, made } = (await giveOrder(socket, 'backup', {})) as { path: string; made: string };
    gathered = path;
    await cp(path, partial, { recursive: true });
    requireWhole(partial, JSON.parse(readFileSync(join(partial, 'backup.json'), 'utf8')) as BackupNote);
    await syncAll(partial);
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
    await sync(dirname(target));
    return { made };
  } finally {
    clean();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/**
 * Puts a file that the server wrote at its place, for its owner only, and removes it there.
 * @throws OperationalError `conflict` where the place is taken
 */
export async function takeFile(path: string, target: string): Promise<void> {
  try {
    await copyFile(path, target, constants.COPYFILE_EXCL);
    await sync(target);
    await sync(dirname(target));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new OperationalError('conflict', `${target} is there already`);
    rmSync(target, { force: true });
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}
