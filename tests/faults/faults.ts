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
  strike(site: FaultSite, random: () => number): Promise<void>;
}

const between = (random: () => number, least: number, most: number): number =>
  least + Math.floor(random() * (most - least));

/** How the entries of a kind of file begin: what stands before the first, and an entry's length by its head. */
interface EntryForm {
  first_at: number;
  head_bytes: number;
  lengthOf: (head: Buffer) => number;
}

const in_spool: EntryForm = {
  first_at: 0,
  head_bytes: 32,
  lengthOf: (head) => 32 + head.readUInt32LE(4) + head.readUInt32LE(8),
};
const in_journal: EntryForm = { first_at: 4, head_bytes: 8, lengthOf: (head) => 8 + head.readUInt32LE(0) };

/** A part of an entry behind the end of the newest file: what a write leaves that a power cut stopped. */
function tearEnd(pattern: string, { first_at, head_bytes, lengthOf }: EntryForm, random: () => number): void {
  const newest = globSync(pattern)
    .map((path) => ({ path, mtime: statSync(path).mtimeMs }))
    .sort((a, b) => b.mtime - a.mtime)[0];
  if (newest === undefined) return;
  const first = readFileSync(newest.path).subarray(first_at);
  if (first.length < head_bytes) return;
  // The beginning of what stands there is the beginning of an entry, too.
  appendFileSync(newest.path, first.subarray(0, between(random, 1, lengthOf(first) - 1)));
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
        tearEnd(join(site.collector_directory, 'spool', '*', '*', '*'), in_spool, random),
      ),
  },
  {
    name: 'write torn in the journal',
    kills: true,
    strike: (site, random) =>
      restartServer(site, random, () =>
        tearEnd(join(site.server_directory, 'journal', '*', '*.segment'), in_journal, random),
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
