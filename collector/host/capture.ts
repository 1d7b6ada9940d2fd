/**
 * A container's traffic, caught at the host's end of its network: tcpdump writes pcap into a pipe, this process cuts it
 * into files (capture-files.ts), and each that is finished becomes an artifact with a record of its own. tcpdump runs as
 * nobody with the right to open a packet socket and no other, and can write no file. The interface does not become
 * promiscuous, because the kernel would say so in its log, which a container may read.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants } from 'node:fs';
import { join } from 'node:path';
import { nobody } from '../decode/confinement.ts';
import { isAbsence, openQuietly, statFile } from '../readers/artifact-files.ts';
import { takeFile } from '../readers/artifact-take.ts';
import type { ArtifactSpool } from '../spool/artifacts.ts';
import { type CapturedFile, CaptureFiles, type CaptureLimits } from './capture-files.ts';
import type { Container } from './containers.ts';
import { HourBudget } from './hour-budget.ts';
import { type Probe, type Reading, showMicroseconds, stampNow } from './reading.ts';
import { findVeths, needProgram } from './veth.ts';

export interface CaptureSettings extends CaptureLimits {
  /** Of finished files, what becomes artifacts in an hour. */
  hour_bytes_max: number;
  /** In the words of pcap-filter(7). */
  filter?: string;
}

export interface CaptureOptions {
  settings: CaptureSettings;
  sensor: string;
  work_folder: string;
  spool: ArtifactSpool;
  bytes_max: number;
  /** Words before each program, for one that looks from another network namespace than this process's. */
  before?: readonly string[];
}

const rights = [
  ...[`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs', '--pdeathsig=KILL'],
  ...['--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw', '--bounding-set=-all,+net_raw', '--'],
];
const memory_bytes_max = 512 * 1024 * 1024;
const again_after_ms = 10_000;
const end_wait_ms = 1000;
const said_bytes_max = 2000;
const taken_per_hour_max = 2000;
/** Told and not durable yet. */
const held_max = 2;

type Reason = 'room' | 'budget';

interface Lost {
  files: number;
  size: number;
  began_us: bigint;
  ended_us: bigint;
}

interface Running {
  child: ChildProcess;
  /** Resolves when it is gone and what it wrote is in files. */
  ended: Promise<void>;
}

/**
 * Packets that tcpdump told to be lost: what the kernel dropped so far, and at its end also what waited for it then.
 * 0 where it told nothing yet.
 */
function lostOf(said: string): number {
  const dropped = [...said.matchAll(/(\d+) packets? dropped by kernel/g)].map(([, packets]) =>
    Number(packets),
  );
  const [, captured, received] =
    /^(\d+) packets? captured\n(\d+) packets? received by filter\n/m.exec(said) ?? [];
  return Math.max(0, ...dropped, received === undefined ? 0 : Number(received) - Number(captured));
}

export class CaptureProbe implements Probe {
  readonly poll_ms = 500;
  readonly source = 'capture';
  readonly #options: CaptureOptions;
  readonly #files: CaptureFiles;
  readonly #budget: HourBudget;
  readonly #lost = new Map<Reason, Lost>();
  #held: CapturedFile[] = [];
  #running: Running | undefined;
  #life = '';
  #again_ms = 0;
  #failure = '';
  #waiting = '';
  /** One at a time works on the files. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: CaptureOptions) {
    this.#options = options;
    const { settings, work_folder } = options;
    this.#budget = new HourBudget(settings.hour_bytes_max, taken_per_hour_max);
    this.#files = new CaptureFiles(join(work_folder, 'captures'), settings, (file) =>
      this.#lose(file, 'room'),
    );
  }

  get trouble(): string {
    return this.#failure || this.#waiting;
  }

  async take(container: Container | undefined): Promise<Reading[]> {
    const life = container?.pid === undefined ? '' : `${container.pid} ${container.started}`;
    if (life !== this.#life) {
      await this.#end();
      this.#life = life;
      this.#again_ms = 0;
      this.#failure = '';
    }
    if (container?.pid !== undefined && this.#running === undefined && performance.now() >= this.#again_ms)
      await this.#begin(container.pid);
    await this.#inTurn(async () => {
      if (this.#files.is_due) await this.#files.finish();
    });
    const readings = await this.#takeNext();
    for (const [reason, { files, size, began_us, ended_us }] of this.#lost)
      readings.push({
        ...{ time: stampNow(), kind: 'not_taken', reason, files, size },
        ...{ began: showMicroseconds(began_us), ended: showMicroseconds(ended_us) },
      });
    this.#lost.clear();
    return readings;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #lose({ size, began_us, ended_us }: CapturedFile, reason: Reason): void {
    const before = this.#lost.get(reason) ?? { files: 0, size: 0, began_us, ended_us };
    before.files += 1;
    before.size += size;
    if (began_us < before.began_us) before.began_us = began_us;
    if (ended_us > before.ended_us) before.ended_us = ended_us;
    this.#lost.set(reason, before);
  }

  async #begin(pid: number): Promise<void> {
    this.#again_ms = performance.now() + again_after_ms;
    try {
      const words = await this.#command(pid);
      await this.#inTurn(() => this.#files.begin());
      this.#running = this.#start(words);
      this.#failure = '';
    } catch (error) {
      this.#failure = `no traffic is captured: ${(error as Error).message}`;
    }
  }

  async #command(pid: number): Promise<string[]> {
    if (process.getuid?.() !== 0) throw new Error('only root may');
    const { before = [], settings } = this.#options;
    const tcpdump = needProgram('tcpdump', 'tcpdump');
    const [setpriv, prlimit] = ['setpriv', 'prlimit'].map((name) => needProgram(name, 'util-linux'));
    const [veth, ...others] = await findVeths(pid, before);
    if (veth === undefined) throw new Error('no end of its network (veth) is on this host');
    if (others.length > 0)
      throw new Error(`it has several networks on this host: ${[veth, ...others].join(', ')}`);
    return [
      ...before,
      ...[setpriv!, ...rights, prlimit!, `--as=${memory_bytes_max}`, '--fsize=0', '--core=0', '--'],
      ...[tcpdump, '-i', veth, '--no-promiscuous-mode', '-n', '-U', '-w', '-', '--'],
      ...(settings.filter === undefined ? [] : [settings.filter]),
    ];
  }

  #start(words: readonly string[]): Running {
    const child = spawn(words[0]!, words.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { LC_ALL: 'C', TZ: 'UTC' },
      cwd: '/',
    });
    let said = '';
    let lost = 0;
    child.stderr.on('data', (piece: Buffer) => {
      said = (said + piece.toString('latin1')).slice(-said_bytes_max);
      const now = lostOf(said);
      this.#files.lost += Math.max(0, now - lost);
      lost = Math.max(lost, now);
    });
    const closed = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => resolve(`tcpdump ended with ${signal ?? code}: ${said.trim()}`));
    });
    const ended = this.#pump(child)
      .then(
        () => closed,
        (error: Error) => {
          child.kill('SIGKILL');
          return error.message;
        },
      )
      .then(async (reason) => {
        this.#failure = `no traffic is captured: ${reason}`;
        this.#again_ms = performance.now() + again_after_ms;
        this.#running = undefined;
        await this.#inTurn(() => this.#files.finish()).catch(() => undefined);
      });
    return { child, ended };
  }

  /** The pipe waits while a piece is written; what the kernel has no room for meanwhile it counts. */
  async #pump(child: ChildProcess): Promise<void> {
    for await (const piece of child.stdout!) {
      const finished = await this.#inTurn(() => this.#files.write(piece as Buffer));
      // It tells what the kernel lost.
      if (finished > 0) child.kill('SIGUSR1');
    }
  }

  async #takeNext(): Promise<Reading[]> {
    this.#waiting = '';
    const file = this.#held.length < held_max ? this.#files.next() : undefined;
    if (file === undefined) return [];
    const { sensor, spool } = this.#options;
    if (!this.#budget.has(file.size)) {
      this.#files.remove(file);
      this.#lose(file, 'budget');
      return [];
    }
    if (!spool.hasRoom(sensor, file.size)) {
      this.#waiting = 'captures wait for room: what waits to be sent fills the share of this sensor';
      return [];
    }
    const taken = await this.#copy(file);
    this.#budget.spend(file.size);
    this.#held.push(file);
    const { packets, lost } = file;
    return [
      {
        ...{ time: stampNow(), ...taken, packets, lost },
        ...{ began: showMicroseconds(file.began_us), ended: showMicroseconds(file.ended_us) },
      },
    ];
  }

  /** Into the spool of artifacts; the file is held from then on. @throws the file system's error. */
  async #copy(file: CapturedFile): Promise<Reading> {
    const { sensor, spool, bytes_max } = this.#options;
    this.#files.hold(file);
    let fd: number | undefined;
    try {
      fd = openQuietly(file.path, constants.O_RDONLY | constants.O_NOFOLLOW);
      const found = statFile(fd, file.path)!;
      const taken = await takeFile(fd, found, {
        ...{ spool, sensor, kind: 'capture', bytes_max, is_restless: true },
      });
      return JSON.parse(taken!.record.toString('utf8')) as Reading;
    } catch (error) {
      this.#files.release(file);
      // Somebody removed it: it is not waited for.
      if (isAbsence(error)) this.#files.remove(file);
      throw error;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  /** The artifacts and their records are durable. */
  settle(): void {
    for (const file of this.#held) this.#files.remove(file);
    this.#held = [];
  }

  /** What it wrote is in files; the last of them may be cut. */
  async #end(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    running.child.kill('SIGTERM');
    const timer = setTimeout(() => running.child.kill('SIGKILL'), end_wait_ms);
    await running.ended;
    clearTimeout(timer);
    this.#failure = '';
  }

  async stop(): Promise<void> {
    await this.#end();
  }
}
