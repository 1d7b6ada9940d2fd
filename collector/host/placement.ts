/**
 * Which processes are a container's. An audit record names no container: its process is looked for in the container's
 * control groups, and what was placed once is remembered for a while, for those that are gone when their record comes.
 */
import { type Container, matchCgroup, readCgroup, readProc } from './containers.ts';
import { listProcesses } from './resources.ts';

const placed_max = 50_000;
const placed_for_ms = 60_000;

interface Placed {
  is_ours: boolean;
  command: string;
  seen_ms: number;
}

export class Placement {
  readonly #placed = new Map<number, Placed>();

  /** All that are in the container now. */
  note(container: Container | undefined): void {
    const now = Date.now();
    if (container?.pid !== undefined)
      for (const pid of listProcesses('/sys/fs/cgroup', container.cgroup)) {
        const known = this.#placed.get(pid);
        this.#placed.set(pid, { is_ours: true, command: known?.is_ours ? known.command : '', seen_ms: now });
      }
    for (const [pid, { seen_ms }] of this.#placed)
      if (now - seen_ms > placed_for_ms) this.#placed.delete(pid);
    if (this.#placed.size > placed_max) this.#placed.clear();
  }

  /** Undefined where the process is gone and nobody had placed it. */
  isOurs(pid: number, container: Container): boolean | undefined {
    const text = readProc(`/proc/${pid}/cgroup`);
    if (text === '') return this.#placed.get(pid)?.is_ours;
    const path = readCgroup(text);
    return (
      (matchCgroup(path)?.cgroup ?? path) === container.cgroup || path.startsWith(`${container.cgroup}/`)
    );
  }

  remember(pid: number, is_ours: boolean, command: string): void {
    this.#placed.set(pid, { is_ours, command, seen_ms: Date.now() });
  }

  /** '' where it is not known. */
  commandOf(pid: number): string {
    return this.#placed.get(pid)?.command ?? '';
  }

  clear(): void {
    this.#placed.clear();
  }
}

const told_every_ms = 60_000;

/** Counts records whose container could not be told, and says so once a minute. */
export class Undecided {
  #count = 0;
  #told_ms = Date.now();

  add(): void {
    this.#count += 1;
  }

  /** How many since it was told last; 0 where there are none, or it is not time yet. */
  take(): number {
    const now = Date.now();
    if (this.#count === 0 || now - this.#told_ms <= told_every_ms) return 0;
    const count = this.#count;
    this.#count = 0;
    this.#told_ms = now;
    return count;
  }
}
