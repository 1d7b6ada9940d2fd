/** The files that an import is asked for: named ones, those of folders, and those of archives, which are unpacked. */
import { spawn } from 'node:child_process';
import { createReadStream, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FoundFile } from '@apiary/model/import.ts';
import { extract } from 'tar';

export interface Walk {
  files: FoundFile[];
  /** What could not be read, by name. */
  troubles: { shown: string; trouble: string }[];
}

const files_max = 1_000_000;
const depth_max = 32;
/** An archive may be small and its contents of any size. */
const unpacked_bytes_max = 64 * 1024 ** 3;
const archive_name = /\.(?:tar(?:\.(?:gz|xz|bz2|zst))?|tgz|txz|tbz2?|tzst)(?:\.\d+)?$/i;

/** @param folder for what archives hold */
export async function walk(paths: readonly string[], folder: string): Promise<Walk> {
  const walker = new Walker(folder);
  for (const path of paths) await walker.visit(resolve(path), resolve(path), 0);
  return { files: walker.files, troubles: walker.troubles };
}

class Walker {
  readonly files: FoundFile[] = [];
  readonly troubles: Walk['troubles'] = [];
  readonly #folder: string;
  #archives = 0;
  #unpacked_bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async visit(path: string, shown: string, depth: number): Promise<void> {
    const tell = (trouble: string): void => void this.troubles.push({ shown, trouble });
    try {
      // Named ones may be links; below a folder none is followed.
      const stat = statSync(path);
      if (stat.isDirectory()) await this.#list(path, shown, depth);
      else if (!stat.isFile()) tell('is no regular file');
      else if (archive_name.test(basename(path))) await this.#unpack(path, shown, depth);
      else if (this.files.length >= files_max) throw new Error(`more than ${files_max} files`);
      else this.files.push({ path, shown });
    } catch (error) {
      tell((error as Error).message);
    }
  }

  async #list(path: string, shown: string, depth: number): Promise<void> {
    if (depth >= depth_max) throw new Error(`folders more than ${depth_max} deep`);
    const entries = readdirSync(path, { withFileTypes: true });
    for (const { name } of entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true })))
      await this.visit(join(path, name), join(shown, name), depth + 1);
  }

  /** Regular files and folders of it; a hard link's bytes are read under its first name, and nothing else can be imported. */
  async #unpack(path: string, shown: string, depth: number): Promise<void> {
    this.#archives += 1;
    const folder = join(this.#folder, `archive-${this.#archives}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    let damage = '';
    const unpacking = extract({
      cwd: folder,
      preserveOwner: false,
      strict: false,
      // Its owner may make what attackers put there unreadable even for us.
      fmode: 0o600,
      dmode: 0o700,
      filter: (_, entry) => {
        if (!('type' in entry) || !['File', 'OldFile', 'ContiguousFile', 'Directory'].includes(entry.type))
          return false;
        this.#unpacked_bytes += entry.size ?? 0;
        if (this.#unpacked_bytes <= unpacked_bytes_max) return true;
        damage = `archives unpack to more than ${unpacked_bytes_max} bytes: what is beyond is left out`;
        return false;
      },
      onwarn: (code, message, { path: name }) => {
        // Names that lead out of the archive are mended, which is no damage, or left out by the library.
        if (code === 'TAR_ENTRY_INFO') return;
        if (typeof name === 'string')
          this.troubles.push({ shown: `${shown}/${name}`, trouble: String(message) });
        else damage ||= `${code}: ${String(message)}`;
      },
    });
    unpacking.on('ignoredEntry', ({ type, path: name }) => {
      // GNU tar keeps a file with holes as pieces and their places.
      if (type === 'SparseFile')
        this.troubles.push({
          shown: `${shown}/${name}`,
          trouble: 'a sparse file of an archive is not read: unpack it with tar and import the folder',
        });
    });
    try {
      await pipeline(this.#openArchive(path), unpacking);
    } catch (error) {
      damage = (error as Error).message;
    }
    if (damage !== '') this.troubles.push({ shown, trouble: `damaged: ${damage}` });
    await this.#list(folder, shown, depth);
  }

  #openArchive(path: string): NodeJS.ReadableStream {
    const program = /xz(?:\.\d+)?$/i.test(path)
      ? 'xz'
      : /bz2?(?:\.\d+)?$/i.test(path)
        ? 'bzip2'
        : /zst(?:\.\d+)?$/i.test(path)
          ? 'zstd'
          : undefined;
    if (program === undefined) return createReadStream(path);
    const child = spawn(program, ['-dc', path], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.once('error', (error) => child.stdout.destroy(error));
    return child.stdout;
  }
}
