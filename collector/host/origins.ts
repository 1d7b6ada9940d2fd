/**
 * Whose connection a process of a container goes back to: the nearest of it and its ancestors that holds a socket
 * which somebody outside opened. The one who came by sshd holds the shell's parent, the one who came by a web server
 * its worker. Sockets are the kernel's word, so nothing that a container's root writes into a process (its environment,
 * its name) changes the answer; he can hide by leaving the tree (a job that init starts has no such ancestor).
 *
 * Read in /proc/PID/{stat,fd} and in the tables of sockets of the container's network namespace (proc(5)).
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { readProc, readStart } from './containers.ts';
import { parseTable } from './network.ts';

export interface Origin {
  remote_ip: string;
  /** 0 where it holds several connections of that address. */
  remote_port: number;
  local_port: number;
  /** The process that holds the socket. */
  holder: string;
}

interface Traced {
  start: string;
  origin: Origin | undefined;
  seen_ms: number;
}

const ancestors_max = 24;
const sockets_max = 4096;
const traced_max = 50_000;
const kept_for_ms = 60_000;
/** A table of sockets is read anew after so long; processes often start in crowds. */
const table_for_ms = 100;

export class Origins {
  readonly #traced = new Map<number, Traced>();
  #table = new Map<string, Origin>();
  #table_ms = -Infinity;
  #swept_ms = performance.now();

  /**
   * @param ppid its parent, from which it is told where it is gone itself
   * @param init first process of the container, above which nobody is asked
   */
  find(pid: number, ppid: number, init: number): Origin | undefined {
    const origin = this.#climb(pid, init) ?? this.#climb(ppid, init);
    // Gone before anybody looked; what it had started may come after it in the log.
    if (origin !== undefined && !this.#traced.has(pid) && readProc(`/proc/${pid}/stat`) === '')
      this.#traced.set(pid, { start: '', origin, seen_ms: performance.now() });
    return origin;
  }

  #climb(pid: number, init: number): Origin | undefined {
    const now_ms = performance.now();
    if (now_ms - this.#swept_ms > kept_for_ms) this.#sweep(now_ms);
    const below: { pid: number; start: string }[] = [];
    let origin: Origin | undefined;
    // Where the holder is gone, or its descendant was left to init, what was found earlier holds.
    let earlier: Origin | undefined;
    for (let at = pid; at > 1 && at !== init && below.length < ancestors_max; ) {
      const stat = readProc(`/proc/${at}/stat`);
      const known = this.#traced.get(at);
      // One that is gone may still be known; one that is there under another start is somebody else.
      if (known !== undefined && (stat === '' || readStart(stat) === known.start)) {
        known.seen_ms = now_ms;
        earlier ??= known.origin;
      }
      if (stat === '') break;
      const held = this.#ofSockets(at, init, now_ms);
      // The holder itself is not kept: a worker of a server serves others afterwards.
      if (held !== undefined) {
        origin = held === 'several' ? undefined : held;
        break;
      }
      below.push({ pid: at, start: readStart(stat) });
      at = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
    origin ??= earlier;
    for (const one of below) this.#traced.set(one.pid, { start: one.start, origin, seen_ms: now_ms });
    return origin;
  }

  clear(): void {
    this.#traced.clear();
  }

  #ofSockets(pid: number, init: number, now_ms: number): Origin | 'several' | undefined {
    let names: string[];
    try {
      names = readdirSync(`/proc/${pid}/fd`).slice(0, sockets_max);
    } catch {
      return undefined;
    }
    // One socket may be input, output and errors at once.
    const inodes = new Set(
      names.flatMap((name) => /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${name}`))?.[1] ?? []),
    );
    const held = [...inodes].flatMap((inode) => this.#tableOf(init, now_ms).get(inode) ?? []);
    const [first] = held;
    if (first === undefined) return undefined;
    // A server that serves several at once says of none of them that it was he.
    if (held.some(({ remote_ip }) => remote_ip !== first.remote_ip)) return 'several';
    const holder = readProc(`/proc/${pid}/comm`).trimEnd();
    return { ...first, remote_port: held.length === 1 ? first.remote_port : 0, holder };
  }

  /** Established connections that came in, by the number of their socket. */
  #tableOf(init: number, now_ms: number): Map<string, Origin> {
    if (now_ms - this.#table_ms < table_for_ms) return this.#table;
    this.#table_ms = now_ms;
    this.#table = new Map();
    const lines = ['tcp', 'tcp6'].flatMap((name) =>
      readProc(`/proc/${init}/net/${name}`).split('\n').slice(1),
    );
    const sockets = lines.flatMap((line) => {
      const [connection] = parseTable(line, 'tcp');
      const inode = line.trim().split(/\s+/)[9];
      return connection === undefined || inode === undefined ? [] : [{ ...connection, inode }];
    });
    const listened = new Set(
      sockets.filter(({ state }) => state === 'listen').map(({ local_port }) => local_port),
    );
    for (const { state, inode, local_port, remote_ip, remote_port } of sockets)
      if (state === 'established' && listened.has(local_port) && inode !== '0')
        this.#table.set(inode, { remote_ip, remote_port, local_port, holder: '' });
    return this.#table;
  }

  #sweep(now_ms: number): void {
    this.#swept_ms = now_ms;
    for (const [pid, { start, seen_ms }] of this.#traced) {
      if (now_ms - seen_ms <= kept_for_ms) continue;
      const stat = readProc(`/proc/${pid}/stat`);
      if (stat === '' || readStart(stat) !== start) this.#traced.delete(pid);
    }
    if (this.#traced.size > traced_max) this.#traced.clear();
  }
}

/** As a reading has it; of a process that nobody's connection leads to nothing is said. */
export const describeOrigin = (origin: Origin | undefined): Partial<Origin> =>
  origin === undefined
    ? {}
    : {
        remote_ip: origin.remote_ip,
        remote_port: origin.remote_port,
        local_port: origin.local_port,
        holder: origin.holder,
      };

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
