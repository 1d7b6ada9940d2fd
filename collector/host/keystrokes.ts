/**
 * What is typed at a container's terminals, by the kernel's own terminal audit: records of type TTY in the log of the
 * host's audit daemon (kernel/audit, drivers/tty/tty_audit.c). It is switched on from the host for the program that
 * starts the container, and handed down from process to process; nothing of it lies inside.
 *
 * The kernel writes a record for each line that a program reads as a line. Of a program that reads key by key, as most
 * shells do, it writes one when 4,096 bytes have come together, the terminal changes its mode, or the program ends: the
 * record then holds many lines, and its process is gone. So whose the processes at terminals are is looked up while
 * they are there.
 */
import { AuditPosition, usual_audit_log } from './audit-position.ts';
import type { Container } from './containers.ts';
import { readProc } from './containers.ts';
import { describeOrigin, Origins } from './origins.ts';
import { Placement, Undecided } from './placement.ts';
import { type Probe, type Reading, showMicroseconds, stampNow } from './reading.ts';
import { listProcesses } from './resources.ts';
import { Users } from './users.ts';

export interface Typed {
  time_ms: number;
  serial: string;
  pid: number;
  uid: number;
  /** `pts/0`, `tty1`, or the device's numbers. */
  terminal: string;
  program: string;
  /** What was typed, in hexadecimal. */
  data: string;
}

/** Numbers of terminals: Documentation/admin-guide/devices.txt of Linux. */
const pts_major = { first: 136, last: 143, each: 256 };
const tty_major = 4;

function nameTerminal(major: number, minor: number): string {
  if (major >= pts_major.first && major <= pts_major.last)
    return `pts/${(major - pts_major.first) * pts_major.each + minor}`;
  return major === tty_major && minor < 64 ? `tty${minor}` : `${major}:${minor}`;
}

/** @returns null for a line of another kind */
export function readTyped(line: string): Typed | null {
  const found =
    /^(?:node=\S+ )?type=TTY msg=audit\((\d{1,11})\.(\d{3}):(\d+)\): tty pid=(\d{1,10}) uid=(\d{1,10}) auid=\d+ ses=\d+ major=(\d{1,5}) minor=(\d{1,7}) comm=("[^"]*"|[0-9A-F]+) data=((?:[0-9A-F]{2})+)/.exec(
      line,
    );
  if (found === null) return null;
  const [, seconds, milliseconds, serial, pid, uid, major, minor, comm, data] = found as unknown as string[];
  return {
    time_ms: Number(seconds) * 1000 + Number(milliseconds),
    serial: serial!,
    pid: Number(pid),
    uid: Number(uid),
    terminal: nameTerminal(Number(major), Number(minor)),
    program: comm!.startsWith('"') ? comm!.slice(1, -1) : Buffer.from(comm!, 'hex').toString('utf8'),
    data: data!.toLowerCase(),
  };
}

export interface KeystrokesOptions {
  audit_log?: string | undefined;
  work_folder: string;
  poll_ms?: number;
}

export class KeystrokesProbe implements Probe {
  readonly poll_ms: number;
  readonly #position: AuditPosition;
  readonly #users = new Users();
  readonly #placement = new Placement();
  readonly #undecided = new Undecided();
  readonly #origins = new Origins();
  #life = '';

  constructor({ audit_log, work_folder, poll_ms }: KeystrokesOptions) {
    this.poll_ms = poll_ms ?? 200;
    this.#position = new AuditPosition(audit_log ?? usual_audit_log, work_folder);
  }

  get source(): string {
    return `terminals, audit ${this.#position.log.path}`;
  }

  get trouble(): string {
    return this.#position.trouble;
  }

  settle(): void {
    this.#position.save();
  }

  take(container: Container | undefined): Reading[] {
    const life = container?.pid === undefined ? '' : `${container.pid} ${container.started}`;
    if (life !== this.#life) {
      this.#life = life;
      this.#placement.clear();
      this.#origins.clear();
    }
    this.#placement.note(container);
    if (container?.pid !== undefined) this.#traceTerminals(container, container.pid);
    const typed = this.#position.read().flatMap((line) => readTyped(line) ?? []);
    const init = container?.pid;
    if (init === undefined) for (const _ of typed) this.#undecided.add();
    const readings = init === undefined ? [] : typed.flatMap((one) => this.#describe(one, container!, init));
    const count = this.#undecided.take();
    return count === 0 ? readings : [...readings, { time: stampNow(), kind: 'undecided', count }];
  }

  #traceTerminals(container: Container, init: number): void {
    for (const pid of listProcesses('/sys/fs/cgroup', container.cgroup)) {
      const stat = readProc(`/proc/${pid}/stat`);
      const [, ppid, , , tty = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (tty !== '0') this.#origins.find(pid, Number(ppid), init);
    }
  }

  #describe(one: Typed, container: Container, init: number): Reading[] {
    const { time_ms, serial, pid, uid, terminal, program, data } = one;
    const is_ours = this.#placement.isOurs(pid, container);
    if (is_ours === undefined) this.#undecided.add();
    if (is_ours !== true) return [];
    this.#placement.remember(pid, true, program);
    const ppid = Number(/^PPid:\s+(\d+)$/m.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0);
    return [
      {
        ...{ time: showMicroseconds(BigInt(time_ms) * 1000n), kind: 'typed', serial },
        ...{ pid, ...this.#users.name(container.rootfs, init, uid), program, terminal, data },
        ...describeOrigin(this.#origins.find(pid, ppid, init)),
      },
    ];
  }

  stop(): void {
    this.#position.close();
  }
}
