/**
 * Files that appear, change or go in a container's root file system, found by looking through it again and again. What
 * changes is known by inode, size, mtime and ctime; the last of them nobody inside can set. The state of the last look
 * lies in the work folder, written when what it led to is durable.
 */
import {
  type BigIntStats,
  closeSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openFile, showPath } from '../readers/artifact-files.ts';
import { showTime, takeFile } from '../readers/artifact-take.ts';
import type { ArtifactSpool } from '../spool/artifacts.ts';
import type { Container } from './containers.ts';
import { type ScannedEntry, scanRoot } from './file-scan.ts';
import { HourBudget } from './hour-budget.ts';
import { type Probe, type Reading, stampNow } from './reading.ts';
import { QuietView } from './view.ts';

export interface FilesOptions {
  sensor: string;
  work_folder: string;
  spool: ArtifactSpool;
  bytes_max: number;
  look_ms?: number;
  quiet_ms?: number;
  budget_bytes?: number;
}

/** Kind, owner and times, one string; of a folder only what its own root may change. */
interface Pending {
  signature: string;
  since_ms: number;
}

const entries_max = 200_000;
const depth_max = 64;
/** Changes told of one look; the rest is told at the next. */
const changes_max = 2000;
const restless_ms = 60_000;
const rest_factor = 20;
const hour_bytes_max = 256 * 1024 * 1024;
const taken_per_hour_max = 2000;

type Kind = 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';

function kindOf(stat: BigIntStats): Kind {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isFIFO()) return 'fifo';
  return stat.isSocket() ? 'socket' : 'device';
}

/** `kind ino size mtime ctime mode uid gid`; the times and size of a folder follow from what is in it. */
function sign(stat: BigIntStats): string {
  const { ino, size, mtimeNs, ctimeNs, mode, uid, gid } = stat;
  const kind = kindOf(stat);
  const own = kind === 'folder' ? [0, 0, 0] : [size, mtimeNs, ctimeNs];
  return [kind, ino, ...own, mode & 0o7777n, uid, gid].join(' ');
}

export class FilesProbe implements Probe {
  readonly poll_ms = 200;
  readonly source = 'files';
  trouble = '';
  readonly #options: FilesOptions;
  readonly #pending = new Map<string, Pending>();
  #known: Map<string, string> | undefined;
  #root = '';
  #view: QuietView | undefined;
  #viewed = '';
  #next_ms = 0;
  readonly #budget: HourBudget;
  #is_dirty = false;

  constructor(options: FilesOptions) {
    this.#options = options;
    this.#budget = new HourBudget(options.budget_bytes ?? hour_bytes_max, taken_per_hour_max);
    this.#load();
  }

  async take(container: Container | undefined): Promise<Reading[]> {
    if (container?.rootfs === undefined || performance.now() < this.#next_ms) return [];
    const began_ms = performance.now();
    const root = await this.#reach(container.rootfs);
    const readings = await this.#look(root);
    const spent_ms = performance.now() - began_ms;
    this.#next_ms = performance.now() + Math.max(this.#options.look_ms ?? 5000, spent_ms * rest_factor);
    return readings;
  }

  async #reach(rootfs: string): Promise<string> {
    if (this.#viewed !== rootfs || this.#view?.is_held !== true) {
      this.#view?.close();
      this.#view = await QuietView.open(rootfs, join(this.#options.work_folder, 'view'));
      this.#viewed = rootfs;
    }
    return this.#view.path;
  }

  async #look(root: string): Promise<Reading[]> {
    const readings: Reading[] = [];
    const present = new Map<string, string>();
    const before = this.#known;
    const { cut, root: stat } = await scanRoot(root, { entries_max, depth_max }, (entry) => {
      const signature = sign(entry.stat);
      const old = before?.get(entry.path);
      if (before === undefined || old === signature) {
        present.set(entry.path, signature);
        this.#pending.delete(entry.path);
        return undefined;
      }
      if (readings.length >= changes_max || !this.#isDue(entry, signature)) {
        if (old !== undefined) present.set(entry.path, old);
        return undefined;
      }
      return this.#tell(entry, old, signature, present, readings);
    });
    this.trouble =
      this.#view?.is_quiet === false
        ? 'no quiet view could be made: access times of folders may change'
        : cut;
    const life = `${stat.dev} ${stat.ino}`;
    // Another root file system under the same name: not everything in it was changed.
    if (before === undefined || life !== this.#root) {
      this.#root = life;
      this.#replace(present);
      return before === undefined
        ? [{ time: stampNow(), kind: 'baseline', count: present.size }]
        : [{ time: stampNow(), kind: 'replaced', count: present.size }];
    }
    for (const [path, old] of before) {
      if (present.has(path)) continue;
      // Where a limit ended the look, what was not seen may be there still.
      if (cut !== '' || readings.length >= changes_max) present.set(path, old);
      else
        readings.push({ time: stampNow(), kind: 'deleted', path: showPath(path), type: old.split(' ')[0] });
    }
    for (const path of this.#pending.keys()) if (this.#pending.size > changes_max) this.#pending.delete(path);
    if (readings.length > 0) this.#replace(present);
    return readings;
  }

  #replace(present: Map<string, string>): void {
    this.#known = present;
    this.#is_dirty = true;
  }

  /** Not written to at this moment, or for long already. */
  #isDue({ path, stat }: ScannedEntry, signature: string): boolean {
    if (!stat.isFile()) return true;
    const now = Date.now();
    const quiet_ms = this.#options.quiet_ms ?? 2000;
    const pending = this.#pending.get(path);
    if (pending === undefined || pending.signature !== signature)
      this.#pending.set(path, { signature, since_ms: pending?.since_ms ?? now });
    const is_quiet = now - Number(stat.ctimeNs / 1_000_000n) >= quiet_ms;
    return is_quiet || pending?.signature === signature || now - (pending?.since_ms ?? now) > restless_ms;
  }

  async #tell(
    entry: ScannedEntry,
    old: string | undefined,
    signature: string,
    present: Map<string, string>,
    readings: Reading[],
  ): Promise<void> {
    const { path, stat } = entry;
    const type = kindOf(stat);
    const content = type === 'file' ? await this.#take(entry) : {};
    if (content === undefined) {
      if (old !== undefined) present.set(path, old);
      return;
    }
    present.set(path, signature);
    this.#pending.delete(path);
    const is_same_content =
      old !== undefined &&
      old.split(' ').slice(0, 4).join(' ') === signature.split(' ').slice(0, 4).join(' ');
    readings.push({
      ...{
        time: stampNow(),
        kind: old === undefined ? 'created' : is_same_content ? 'attributes' : 'changed',
      },
      ...{ path: showPath(path), type, size: Number(stat.size), mode: (stat.mode & 0o7777n).toString(8) },
      ...{
        uid: Number(stat.uid),
        gid: Number(stat.gid),
        mtime: showTime(stat.mtimeNs),
        ctime: showTime(stat.ctimeNs),
      },
      ...(type === 'link' ? { target: readTarget(entry) } : {}),
      ...content,
    });
  }

  /** Its hash, and its bytes into the spool; undefined where it changed meanwhile and is looked at again. */
  async #take({ path, name, folder_fd, stat }: ScannedEntry): Promise<Reading | undefined> {
    const { sensor, spool, bytes_max } = this.#options;
    if (stat.nlink > 1n) return { not_taken: 'hard_link' };
    if (stat.size > BigInt(bytes_max)) return { not_taken: 'too_large' };
    if (!this.#budget.has(Number(stat.size))) return { not_taken: 'budget' };
    if (!spool.hasRoom(sensor, Number(stat.size))) return { not_taken: 'no_room' };
    const opened = openFile(folder_fd, name, path);
    if (opened === undefined) return undefined;
    try {
      // What was opened counts: a file that was swapped in meanwhile is looked at the next time.
      if (opened.file.ino !== stat.ino || opened.file.links > 1n || opened.file.size > BigInt(bytes_max))
        return undefined;
      const pending = this.#pending.get(path);
      const is_restless = Date.now() - (pending?.since_ms ?? Date.now()) > restless_ms;
      this.#budget.spend(Number(opened.file.size));
      const taken = await takeFile(opened.fd, opened.file, {
        spool,
        sensor,
        kind: 'download',
        bytes_max,
        is_restless,
      });
      if (taken === undefined) return undefined;
      const { sha256, taken_sha256, size_taken, cut } = JSON.parse(taken.record.toString('utf8')) as Reading;
      return { sha256, ...(taken_sha256 === undefined ? {} : { taken_sha256 }), size_taken, cut };
    } finally {
      closeSync(opened.fd);
    }
  }

  get #state_path(): string {
    return join(this.#options.work_folder, 'files-known.json');
  }

  #load(): void {
    if (!existsSync(this.#state_path)) return;
    try {
      const stored = JSON.parse(readFileSync(this.#state_path, 'utf8')) as {
        root: string;
        known: [string, string][];
      };
      this.#known = new Map(stored.known);
      this.#root = stored.root;
    } catch {
      // Torn by a crash: the next look is the baseline, and tells so.
      this.#known = undefined;
    }
  }

  settle(): void {
    if (!this.#is_dirty) return;
    this.#is_dirty = false;
    mkdirSync(this.#options.work_folder, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ root: this.#root, known: [...(this.#known ?? [])] });
    writeFileSync(`${this.#state_path}.new`, text, { mode: 0o600 });
    renameSync(`${this.#state_path}.new`, this.#state_path);
  }

  stop(): void {
    this.#view?.close();
  }
}

function readTarget({ folder_fd, name }: ScannedEntry): string {
  try {
    const target = Buffer.from(`/proc/self/fd/${folder_fd}/${name}`, 'latin1');
    return readlinkSync(target, 'buffer').toString('utf8').slice(0, 4096);
  } catch {
    return '';
  }
}
