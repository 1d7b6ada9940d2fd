/** What faults befall: a server and a collector behind a link, three sources that write, and disks that can be filled. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorProcess } from '../rig/collector-process.ts';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { DionaeaSource } from '../rig/dionaea-source.ts';
import { Link } from '../rig/link.ts';
import { ServerProcess } from '../rig/server-process.ts';

/** Small enough that filling it is quick, large enough for an engine. */
const server_disk = '900m';
const collector_disk = '64m';
const kills_while_migrating = 2;

export class FaultSite {
  readonly root = mkdtempSync(join(tmpdir(), 'apiary-faults-'));
  readonly clock = join(this.root, 'clock');
  readonly ssh = new CowrieSource(join(this.root, 'ssh', 'cowrie.json'), 'ssh');
  readonly telnet = new CowrieSource(join(this.root, 'telnet', 'cowrie.json'), 'telnet');
  readonly dionaea = new DionaeaSource(join(this.root, 'dionaea', 'dionaea.sqlite'));
  readonly server_directory = join(this.root, 'server');
  readonly collector_directory = join(this.root, 'collector');
  readonly has_disks: boolean;
  readonly link: Link;
  server!: ServerProcess;
  collector!: CollectorProcess;
  #gateway_port: () => number;
  #is_kept = false;

  private constructor(link: Link, has_disks: boolean, point: { port: () => number }) {
    this.link = link;
    this.has_disks = has_disks;
    this.#gateway_port = () => this.server.gateway_port;
    point.port = () => this.#gateway_port();
    writeFileSync(this.clock, '0');
  }

  /** @param random a start is killed at random moments before the first that ends */
  static async open(random: () => number): Promise<FaultSite> {
    const point = { port: () => 0 };
    const link = await Link.open(() => point.port());
    const has_disks = process.getuid?.() === 0;
    const site = new FaultSite(link, has_disks, point);
    for (const [directory, size] of [
      [site.server_directory, server_disk],
      [site.collector_directory, collector_disk],
    ] as const) {
      mkdirSync(directory);
      if (has_disks) mount(directory, size);
    }
    const clock = ['--import', `${new URL('./shifted-clock.ts', import.meta.url)}?file=${site.clock}`];
    site.server = await ServerProcess.prepare(site.server_directory, {
      gateway_address: `127.0.0.1:${link.port}`,
    });
    site.server.node_options = clock;
    await site.#migrate(random);
    site.collector = await CollectorProcess.enrol(site.server, site.collector_directory, 'all', [
      { name: 'ssh', type: 'cowrie', paths: { json: site.ssh.path } },
      { name: 'telnet', type: 'cowrie', paths: { json: site.telnet.path } },
      { name: 'dionaea', type: 'dionaea', paths: { sqlite: site.dionaea.path } },
    ]);
    site.collector.node_options = clock;
    site.collector.run();
    return site;
  }

  /** The first start makes the schema: it is killed in the middle, and goes on. */
  async #migrate(random: () => number): Promise<void> {
    for (let kill = 0; kill < kills_while_migrating; kill += 1) {
      this.server.begin();
      await sleep(1200 + Math.floor(random() * 1500));
      await this.server.kill();
    }
    await this.server.restart();
  }

  /** Sets the wall clock of both programs. @param offset_ms from the true time */
  setClock(offset_ms: number): void {
    writeFileSync(this.clock, String(offset_ms));
  }

  /** Fills the disk under a directory; the answer gives the room back. */
  fillDisk(directory: string): () => void {
    const path = join(directory, 'filler');
    const file = openSync(path, 'w');
    const block = Buffer.alloc(1024 * 1024);
    try {
      for (;;) writeSync(file, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
    return () => rmSync(path);
  }

  /** What the collector says of itself. */
  readStatus(): string {
    const path = join(this.collector_directory, 'status.json');
    return existsSync(path) ? readFileSync(path, 'utf8') : 'the collector has written no status';
  }

  /** What is there stays after the end, for people to look at. */
  keep(): void {
    this.#is_kept = true;
  }

  async close(): Promise<void> {
    await this.collector?.kill();
    await this.server?.kill();
    await this.link.close();
    if (this.#is_kept) {
      process.stderr.write(`The site of the campaign is kept: ${this.root}\n`);
      return;
    }
    if (this.has_disks)
      for (const directory of [this.server_directory, this.collector_directory])
        spawnSync('umount', ['-l', directory]);
    rmSync(this.root, { recursive: true, force: true });
  }
}

function mount(directory: string, size: string): void {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${directory} cannot be mounted: ${stderr}`);
}
