/**
 * Programs that a container starts: from the log of the host's audit daemon where there is one, which misses none, else
 * by looking at its processes again and again, which misses those that live shorter than a look.
 */
import { existsSync, readlinkSync } from 'node:fs';
import { AuditEvents, type Execution } from './audit-log.ts';
import { AuditPosition, usual_audit_log } from './audit-position.ts';
import { command_bytes_max, readArguments } from './command-line.ts';
import { type Container, readProc, readStart } from './containers.ts';
import { describeOrigin, Origins } from './origins.ts';
import { Placement, Undecided } from './placement.ts';
import { type Probe, type Reading, showMicroseconds, stampNow } from './reading.ts';
import { listProcesses } from './resources.ts';
import { Users } from './users.ts';

export interface ProcessesOptions {
  audit_log?: string | undefined;
  work_folder: string;
  poll_ms?: number;
}

/** Looks without an answer may not hold up those after them. */
const looked_at_max = 50;
export class ProcessesProbe implements Probe {
  readonly poll_ms: number;
  readonly #users = new Users();
  readonly #placement = new Placement();
  readonly #undecided = new Undecided();
  readonly #origins = new Origins();
  readonly #position: AuditPosition | undefined;
  readonly #events = new AuditEvents();
  #seen = new Map<number, string>();
  #life = '';
  /** What runs at the first look was perhaps told before this collector was started anew. */
  #is_first = true;

  constructor({ audit_log, work_folder, poll_ms }: ProcessesOptions) {
    this.poll_ms = poll_ms ?? 200;
    const path = audit_log ?? usual_audit_log;
    if (existsSync(path) || audit_log !== undefined) this.#position = new AuditPosition(path, work_folder);
  }

  get source(): string {
    return this.#position === undefined ? 'processes, polled' : `processes, audit ${this.#position.log.path}`;
  }

  get trouble(): string {
    return this.#position?.trouble ?? '';
  }

  settle(): void {
    // A position behind half an event would lose it to a crash.
    if (!this.#events.is_open) this.#position?.save();
  }

  take(container: Container | undefined): Promise<Reading[]> | Reading[] {
    const life = container?.pid === undefined ? '' : `${container.pid} ${container.started}`;
    if (life !== this.#life) {
      this.#life = life;
      this.#seen.clear();
      this.#placement.clear();
      this.#origins.clear();
    }
    return this.#position === undefined ? this.#look(container) : this.#follow(this.#position, container);
  }

  #follow(position: AuditPosition, container: Container | undefined): Reading[] {
    this.#placement.note(container);
    const lines = position.read();
    const executions = lines.flatMap((line) => this.#events.take(line));
    if (lines.length === 0) executions.push(...this.#events.flush());
    const readings =
      container?.pid === undefined
        ? []
        : executions.flatMap((one) => this.#describe(one, container, container.pid!));
    const count = this.#undecided.take();
    return count === 0 ? readings : [...readings, { time: stampNow(), kind: 'undecided', count }];
  }

  #describe(one: Execution, container: Container, init: number): Reading[] {
    const is_ours = this.#placement.isOurs(one.pid, container) ?? this.#placement.isOurs(one.ppid, container);
    if (is_ours === undefined) {
      this.#undecided.add();
      return [];
    }
    const command = one.args.join(' ').slice(0, command_bytes_max);
    const parent = this.#placement.commandOf(one.ppid);
    this.#placement.remember(one.pid, is_ours, command);
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
    this.#position?.close();
  }
}

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
