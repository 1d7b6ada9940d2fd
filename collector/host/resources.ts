/**
 * CPU, memory and disk of a container, from the control groups as the host sees them: cgroup 2, cgroup 1, or both
 * side by side (hybrid), where a value is taken from whichever has it. Processes that were put in from outside sit in
 * groups below the container's; the kernel's figures contain those, process lists are summed over them here.
 */
import { readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './command-line.ts';
import { type Container, readProc, readStart } from './containers.ts';
import { type Probe, type Reading, stampNow } from './reading.ts';

export interface Usage {
  cgroup: 'v1' | 'v2' | 'hybrid' | '';
  cpu_us?: number;
  memory_bytes?: number;
  memory_limit_bytes?: number;
  read_bytes?: number;
  written_bytes?: number;
}

const processes_max = 10_000;
const folders_max = 2000;

const readNumber = (path: string): number | undefined => {
  const text = readProc(path).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
};

const readField = (text: string, form: RegExp): number | undefined => {
  const found = [...text.matchAll(form)].map(([, digits]) => Number(digits));
  return found.length === 0 ? undefined : found.reduce((sum, one) => sum + one, 0);
};

/** What cgroup 1 writes for no limit is near 2^63. */
const limit_none = 2 ** 60;

/** Folders of a container's group, v2 first. */
function groupFolders(root: string, cgroup: string): { v2: string; v1: (controller: string) => string } {
  const is_unified =
    readProc(join(root, 'cgroup.controllers')) !== '' || readProc(join(root, 'cgroup.procs')) !== '';
  return {
    v2: join(is_unified ? root : join(root, 'unified'), cgroup),
    v1: (controller) => join(root, controller, cgroup),
  };
}

/** @param root where the hierarchies are mounted, /sys/fs/cgroup */
export function readUsage(root: string, cgroup: string): Usage {
  const { v2, v1 } = groupFolders(root, cgroup);
  const nanoseconds = readNumber(join(v1('cpuacct'), 'cpuacct.usage'));
  const cpu_us =
    readField(readProc(join(v2, 'cpu.stat')), /^usage_usec (\d+)$/gm) ?? divide(nanoseconds, 1000);
  const memory_bytes =
    readNumber(join(v2, 'memory.current')) ?? readNumber(join(v1('memory'), 'memory.usage_in_bytes'));
  const limit = readNumber(join(v2, 'memory.max')) ?? readNumber(join(v1('memory'), 'memory.limit_in_bytes'));
  const io = readProc(join(v2, 'io.stat'));
  const blkio = readProc(join(v1('blkio'), 'blkio.throttle.io_service_bytes'));
  const read_bytes = readField(io, / rbytes=(\d+)/g) ?? readField(blkio, /^\d+:\d+ Read (\d+)$/gm);
  const written_bytes = readField(io, / wbytes=(\d+)/g) ?? readField(blkio, /^\d+:\d+ Write (\d+)$/gm);
  const has_2 = readProc(join(v2, 'cpu.stat')) !== '';
  const has_1 = nanoseconds !== undefined;
  const told = {
    cpu_us,
    memory_bytes,
    memory_limit_bytes: (limit ?? limit_none) < limit_none ? limit : undefined,
    read_bytes,
    written_bytes,
  };
  return {
    cgroup: has_1 ? (has_2 ? 'hybrid' : 'v1') : has_2 ? 'v2' : '',
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  };
}

const divide = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : Math.round(value / by);

/** Processes of the group and of all below it. */
export function listProcesses(root: string, cgroup: string): number[] {
  const { v2, v1 } = groupFolders(root, cgroup);
  const list = (top: string): number[] => {
    const pids = new Set<number>();
    const folders = [top];
    for (let at = 0; at < folders.length && at < folders_max && pids.size < processes_max; at += 1) {
      const folder = folders[at]!;
      for (const line of readProc(join(folder, 'cgroup.procs')).split('\n'))
        if (Number(line) > 0) pids.add(Number(line));
      folders.push(...listBelow(folder));
    }
    return [...pids].slice(0, processes_max);
  };
  const found = list(v2);
  return found.length > 0 ? found : list(v1('pids'));
}

function listBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** Share of one processor above which a container is busy, and below which it is calm again. */
const busy_share = 0.5;
const calm_share = 0.25;
const busy_readings = 3;
const ticks_per_second = 100;

interface Before {
  life: string;
  at_ms: number;
  cpu_us: number | undefined;
  ticks: ReadonlyMap<number, number>;
}

export interface ResourcesOptions {
  poll_ms?: number;
  cgroup_root?: string;
  proc?: string;
}

export class ResourcesProbe implements Probe {
  readonly poll_ms: number;
  readonly source = 'cgroup';
  trouble = '';
  readonly #cgroup_root: string;
  readonly #proc: string;
  #before: Before | undefined;
  #is_busy = false;
  #streak = 0;

  constructor(options: ResourcesOptions = {}) {
    this.poll_ms = options.poll_ms ?? 10_000;
    this.#cgroup_root = options.cgroup_root ?? '/sys/fs/cgroup';
    this.#proc = options.proc ?? '/proc';
  }

  async take(container: Container | undefined): Promise<Reading[]> {
    const time = stampNow();
    const life = container?.pid === undefined ? '' : `${container.pid} ${container.started}`;
    const readings: Reading[] = [];
    if (life !== (this.#before?.life ?? '')) {
      if (this.#before?.life) readings.push({ time, kind: 'stopped' });
      if (life !== '')
        readings.push({ time, kind: 'started', pid: container!.pid, runtime: container!.kind });
      this.#before = undefined;
      this.#is_busy = false;
      this.#streak = 0;
    }
    if (container?.pid === undefined) return readings;
    const usage = readUsage(this.#cgroup_root, container.cgroup);
    this.trouble = usage.cgroup === '' ? `no control group of ${container.name} can be read` : '';
    const pids = listProcesses(this.#cgroup_root, container.cgroup);
    const ticks = new Map(pids.map((pid) => [pid, this.#ticksOf(pid)]));
    const at_ms = performance.now();
    const share = this.#shareSince(usage.cpu_us, at_ms);
    readings.push({
      ...{ time, kind: 'reading', ...usage, processes: pids.length, ...readDisk(container.rootfs) },
      ...(share === undefined ? {} : { cpu_share: Math.round(share * 1e4) / 1e4 }),
    });
    if (share !== undefined) readings.push(...(await this.#change(share, ticks, time)));
    this.#before = { life, at_ms, cpu_us: usage.cpu_us, ticks };
    return readings;
  }

  /** Of one processor: two that are busy give 2. */
  #shareSince(cpu_us: number | undefined, at_ms: number): number | undefined {
    const before = this.#before;
    if (before?.cpu_us === undefined || cpu_us === undefined || at_ms <= before.at_ms) return undefined;
    return Math.max(0, cpu_us - before.cpu_us) / ((at_ms - before.at_ms) * 1000);
  }

  /** A change of state, after several readings that agree. */
  async #change(share: number, ticks: ReadonlyMap<number, number>, time: string): Promise<Reading[]> {
    const is_other = this.#is_busy ? share < calm_share : share >= busy_share;
    this.#streak = is_other ? this.#streak + 1 : 0;
    if (this.#streak < busy_readings) return [];
    this.#streak = 0;
    this.#is_busy = !this.#is_busy;
    const told = {
      time,
      kind: this.#is_busy ? 'cpu_busy' : 'cpu_calm',
      cpu_share: Math.round(share * 1e4) / 1e4,
    };
    return [this.#is_busy ? { ...told, ...(await this.#describeTop(ticks)) } : told];
  }

  /** The process that used most since the last reading. */
  async #describeTop(ticks: ReadonlyMap<number, number>): Promise<Reading> {
    const before = this.#before?.ticks ?? new Map<number, number>();
    const used = [...ticks].map(([pid, now]) => ({ pid, used: now - (before.get(pid) ?? now) }));
    const top = used.toSorted((a, b) => b.used - a.used || a.pid - b.pid)[0];
    if (top === undefined) return {};
    const folder = join(this.#proc, String(top.pid));
    const name = Buffer.from(readProc(join(folder, 'comm')).trimEnd(), 'latin1').toString('utf8');
    const command = (await readArguments(top.pid)).join(' ') || name;
    return { pid: top.pid, process: name, command, process_seconds: top.used / ticks_per_second };
  }

  #ticksOf(pid: number): number {
    const stat = readProc(join(this.#proc, String(pid), 'stat'));
    if (readStart(stat) === '') return 0;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  }
}

/** Of the file system that holds the container's root, which others may share. */
function readDisk(rootfs: string | undefined): Reading {
  if (rootfs === undefined) return {};
  try {
    const { blocks, bfree, bsize } = statfsSync(rootfs);
    return { disk_bytes: blocks * bsize, disk_used_bytes: (blocks - bfree) * bsize };
  } catch {
    return {};
  }
}
