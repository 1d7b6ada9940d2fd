/**
 * Programs that a container starts: from the log of the host's audit daemon where there is one, which misses none, else
 * by looking at its processes again and again, which misses those that live shorter than a look.
 *
 * An audit record names no container. Its process is looked for in the container's control groups; one that is gone
 * already belongs where its parent belongs, so every process that was placed once is remembered for a while.
 */
import { existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditEvents, AuditLog, type Execution, type LogPosition } from './audit-log.ts';
import { command_bytes_max, readArguments } from './command-line.ts';
import { type Container, matchCgroup, readCgroup, readProc, readStart } from './containers.ts';
import { type Origin, Origins } from './origins.ts';
import { type Probe, type Reading, showMicroseconds, stampNow } from './reading.ts';
import { listProcesses } from './resources.ts';
import { Users } from './users.ts';

export interface ProcessesOptions {
  audit_log?: string | undefined;
  work_folder: string;
  poll_ms?: number;
}

export const usual_audit_log = '/var/log/audit/audit.log';
const placed_max = 50_000;
const placed_for_ms = 60_000;
/** Looks without an answer may not hold up those after them. */
const looked_at_max = 50;
const undecided_every_ms = 60_000;

interface Placed {
  is_ours: boolean;
  command: string;
  seen_ms: number;
}

export class ProcessesProbe implements Probe {
  readonly poll_ms: number;
  trouble = '';
  readonly #options: ProcessesOptions;
  readonly #users = new Users();
  readonly #placed = new Map<number, Placed>();
  readonly #origins = new Origins();
  #log: AuditLog | undefined;
  #events = new AuditEvents();
  #seen = new Map<number, string>();
  #life = '';
  /** What runs at the first look was perhaps told before this collector was started anew. */
  #is_first = true;
  #undecided = 0;
  #undecided_ms = Date.now();
  #saved = '';

  constructor(options: ProcessesOptions) {
    this.#options = options;
    this.poll_ms = options.poll_ms ?? 200;
    const path = options.audit_log ?? usual_audit_log;
    if (existsSync(path) || options.audit_log !== undefined) this.#log = new AuditLog(path, this.#load());
  }

  get source(): string {
    return this.#log === undefined ? 'processes, polled' : `processes, audit ${this.#log.path}`;
  }

  get #state_path(): string {
    return join(this.#options.work_folder, 'audit-position.json');
  }

  #load(): LogPosition | undefined {
    if (!existsSync(this.#state_path)) return undefined;
    try {
      const { ino, offset } = JSON.parse(readFileSync(this.#state_path, 'utf8')) as LogPosition;
      return Number.isSafeInteger(ino) && Number.isSafeInteger(offset) ? { ino, offset } : undefined;
    } catch {
      // Torn by a crash: from now on.
      return undefined;
    }
  }

  settle(): void {
    // A position behind half an event would lose it to a crash.
    if (this.#log === undefined || this.#events.is_open) return;
    const position = JSON.stringify(this.#log.position);
    if (position === this.#saved) return;
    mkdirSync(this.#options.work_folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#state_path}.new`, position, { mode: 0o600 });
    renameSync(`${this.#state_path}.new`, this.#state_path);
    this.#saved = position;
  }

  take(container: Container | undefined): Promise<Reading[]> | Reading[] {
    const life = container?.pid === undefined ? '' : `${container.pid} ${container.started}`;
    if (life !== this.#life) {
      this.#life = life;
      this.#seen.clear();
      this.#placed.clear();
      this.#origins.clear();
    }
    return this.#log === undefined ? this.#look(container) : this.#follow(this.#log, container);
  }

  #follow(log: AuditLog, container: Container | undefined): Reading[] {
    let lines: string[];
    try {
      this.#note(container);
      lines = log.read();
      this.trouble = '';
    } catch (error) {
      this.trouble = `the audit log cannot be read: ${(error as Error).message}`;
      return [];
    }
    const executions = lines.flatMap((line) => this.#events.take(line));
    if (lines.length === 0) executions.push(...this.#events.flush());
    const readings =
      container?.pid === undefined
        ? []
        : executions.flatMap((one) => this.#describe(one, container, container.pid!));
    const now = Date.now();
    if (this.#undecided > 0 && now - this.#undecided_ms > undecided_every_ms) {
      readings.push({ time: stampNow(), kind: 'undecided', count: this.#undecided });
      this.#undecided = 0;
      this.#undecided_ms = now;
    }
    return readings;
  }

  /** All that are in the container now. */
  #note(container: Container | undefined): void {
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

  #isOurs(pid: number, container: Container): boolean | undefined {
    const text = readProc(`/proc/${pid}/cgroup`);
    if (text === '') return this.#placed.get(pid)?.is_ours;
    const path = readCgroup(text);
    return (
      (matchCgroup(path)?.cgroup ?? path) === container.cgroup || path.startsWith(`${container.cgroup}/`)
    );
  }

  #describe(one: Execution, container: Container, init: number): Reading[] {
    const is_ours = this.#isOurs(one.pid, container) ?? this.#isOurs(one.ppid, container);
    if (is_ours === undefined) {
      this.#undecided += 1;
      return [];
    }
    const command = one.args.join(' ').slice(0, command_bytes_max);
    const parent = this.#placed.get(one.ppid)?.command ?? '';
    this.#placed.set(one.pid, { is_ours, command, seen_ms: Date.now() });
    if (!is_ours) return [];
    const { pid, ppid, exe, cwd, tty, args } = one;
    return [
      {
        ...{
          time: showMicroseconds(BigInt(one.time_ms) * 1000n),
          kind: 'executed',
          by: 'audit',
          serial: one.serial,
        },
        ...{ pid, ppid, ...this.#users.name(container.rootfs, init, one.euid), exe, command },
        args: boundArguments(args),
        ...{ cwd, tty, parent: parent || readName(ppid), success: one.is_done },
        ...describeOrigin(this.#origins.find(pid, ppid, init)),
      },
    ];
  }

  /** What is there now and was not, or runs another program than at the last look. */
  async #look(container: Container | undefined): Promise<Reading[]> {
    if (container?.pid === undefined) return [];
    const { rootfs, pid: init } = container;
    const now = new Map<number, string>();
    const fresh: number[] = [];
    for (const pid of listProcesses('/sys/fs/cgroup', container.cgroup)) {
      const signature = `${readStart(readProc(`/proc/${pid}/stat`))} ${readName(pid)} ${readExe(pid)}`;
      const is_known = this.#seen.get(pid) === signature;
      if (!is_known && fresh.length >= looked_at_max) continue;
      now.set(pid, signature);
      if (!is_known) fresh.push(pid);
    }
    this.#seen = now;
    const kind = this.#is_first ? 'present' : 'executed';
    this.#is_first = false;
    const readings = await Promise.all(fresh.map((pid) => this.#describeNow(kind, pid, rootfs, init)));
    return readings.flat();
  }

  async #describeNow(
    kind: string,
    pid: number,
    rootfs: string | undefined,
    init: number,
  ): Promise<Reading[]> {
    const time = stampNow();
    const status = readProc(`/proc/${pid}/status`);
    const ppid = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
    const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? 0);
    const [exe, name, parent] = [readExe(pid), readName(pid), readName(ppid)];
    if (status === '') return [];
    const args = await readArguments(pid);
    const command = args.length > 0 ? args.join(' ') : name;
    const who = this.#users.name(rootfs, init, uid);
    const origin = describeOrigin(this.#origins.find(pid, ppid, init));
    return [
      { time, kind, by: 'polling', pid, ppid, ...who, exe, command, args, parent, success: true, ...origin },
    ];
  }

  stop(): void {
    this.#log?.close();
  }
}

/** Of a process that nobody's connection leads to nothing is said. */
const describeOrigin = (origin: Origin | undefined) =>
  origin === undefined
    ? {}
    : {
        remote_ip: origin.remote_ip,
        remote_port: origin.remote_port,
        local_port: origin.local_port,
        holder: origin.holder,
      };

function boundArguments(args: readonly string[]): string[] {
  let left = command_bytes_max;
  return args.slice(0, 256).flatMap((arg) => {
    if (left <= 0) return [];
    const kept = arg.slice(0, left);
    left -= kept.length;
    return [kept];
  });
}

/** The kernel's own name of a process, which needs none of its memory. */
const readName = (pid: number): string =>
  Buffer.from(readProc(`/proc/${pid}/comm`).trimEnd(), 'latin1').toString('utf8');

function readExe(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}
