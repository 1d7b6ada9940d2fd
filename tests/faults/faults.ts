/** What can befall the way of the data, by name. Each leaves the site as it found it: all programs run, all is mended. */
import { appendFileSync, cpSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultSite } from './site.ts';

export interface Fault {
  name: string;
  /** A program ends without having been asked. */
  kills?: true;
  /** Needs disks of its own, which only root can mount. */
  needs_disks?: true;
  /** What is known to go wrong with it: long campaigns strike it, the suite's short one leaves it out and says so. */
  known_defect?: string;
  strike(site: FaultSite, random: () => number): Promise<void>;
}

const between = (random: () => number, least: number, most: number): number =>
  least + Math.floor(random() * (most - least));

/** Half of an entry behind the end of the newest file: what a write leaves that a power cut stopped. */
function tearEnd(pattern: string, magic: Buffer, random: () => number): void {
  const newest = globSync(pattern)
    .map((path) => ({ path, mtime: statSync(path).mtimeMs }))
    .sort((a, b) => b.mtime - a.mtime)[0];
  if (newest === undefined) return;
  const bytes = readFileSync(newest.path);
  // The beginning of what stands there is the beginning of an entry, too.
  const entry = bytes.subarray(magic.length);
  if (entry.length < 16) return;
  appendFileSync(newest.path, entry.subarray(0, between(random, 1, Math.min(entry.length - 1, 4000))));
}

async function restartCollector(
  { collector }: FaultSite,
  random: () => number,
  meanwhile: () => void = () => undefined,
): Promise<void> {
  await collector.kill();
  meanwhile();
  await sleep(between(random, 0, 500));
  collector.run();
}

async function restartServer(
  { server }: FaultSite,
  random: () => number,
  meanwhile: () => void = () => undefined,
): Promise<void> {
  await server.kill();
  meanwhile();
  await sleep(between(random, 0, 500));
  await server.restart();
}

async function fill(site: FaultSite, directory: string, random: () => number): Promise<void> {
  const free = site.fillDisk(directory);
  await sleep(between(random, 300, 1500));
  free();
}

export const faults: readonly Fault[] = [
  { name: 'collector killed', kills: true, strike: (site, random) => restartCollector(site, random) },
  { name: 'server killed', kills: true, strike: (site, random) => restartServer(site, random) },
  {
    name: 'engine killed',
    kills: true,
    strike: async ({ server }) => {
      process.kill(await server.enginePid(), 'SIGKILL');
    },
  },
  {
    name: 'engine hangs',
    strike: async ({ server }, random) => {
      const pid = await server.enginePid();
      process.kill(pid, 'SIGSTOP');
      await sleep(between(random, 300, 2000));
      process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'server ended while it starts',
    kills: true,
    strike: async (site, random) => {
      await site.server.kill();
      site.server.begin();
      await sleep(between(random, 100, 2500));
      await restartServer(site, random);
    },
  },
  {
    name: 'link cut',
    strike: async ({ link }, random) => {
      link.cut();
      await sleep(between(random, 50, 600));
      link.mend();
    },
  },
  {
    name: 'link frozen',
    strike: async ({ link }, random) => {
      link.freeze();
      await sleep(between(random, 50, 800));
      link.cut();
      link.mend();
    },
  },
  {
    name: 'link slow',
    strike: async ({ link }, random) => {
      link.slow(between(random, 2_000, 50_000));
      await sleep(between(random, 300, 1500));
      link.mend();
    },
  },
  {
    name: 'write torn in the spool',
    kills: true,
    strike: (site, random) =>
      restartCollector(site, random, () =>
        tearEnd(join(site.collector_directory, 'spool', '*', '*', '*'), Buffer.alloc(0), random),
      ),
  },
  {
    name: 'write torn in the journal',
    kills: true,
    strike: (site, random) =>
      restartServer(site, random, () =>
        tearEnd(join(site.server_directory, 'journal', '*', '*.segment'), Buffer.from('APJ1'), random),
      ),
  },
  {
    name: 'disk of the collector full',
    needs_disks: true,
    strike: (site, random) => fill(site, site.collector_directory, random),
  },
  {
    name: 'disk of the server full',
    needs_disks: true,
    strike: (site, random) => fill(site, site.server_directory, random),
  },
  {
    name: 'clock set',
    strike: async (site, random) => {
      site.setClock(between(random, -7_200_000, 7_200_000));
      await sleep(between(random, 200, 1500));
      site.setClock(0);
    },
  },
  {
    // The collector reads and sends again what the server has, cut otherwise, beside what is new.
    name: 'spool set back',
    known_defect: 'uplink and gateway may disagree for ever about the next number of a chain',
    kills: true,
    strike: async (site, random) => {
      const spool = join(site.collector_directory, 'spool');
      const earlier = join(site.root, 'spool-earlier');
      await site.collector.kill();
      cpSync(spool, earlier, { recursive: true });
      site.collector.run();
      await sleep(between(random, 300, 1500));
      await restartCollector(site, random, () => {
        rmSync(spool, { recursive: true });
        cpSync(earlier, spool, { recursive: true });
      });
      rmSync(earlier, { recursive: true });
    },
  },
  {
    name: 'log rotated',
    strike: async ({ ssh, telnet }, random) => {
      (random() < 0.5 ? ssh : telnet).rotate();
    },
  },
];
