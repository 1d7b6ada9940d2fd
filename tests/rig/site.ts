/** A server and one collector in a folder of their own, that are gone when the test is. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorProcess, type SensorConfig } from './collector-process.ts';
import { ServerProcess } from './server-process.ts';

export interface Site {
  root: string;
  server: ServerProcess;
  collector: CollectorProcess;
}

export interface SiteOptions {
  sensors: (root: string) => SensorConfig[];
  gateway_bytes_per_second?: number;
  collector_settings?: string;
}

/** Starts the server and enrols the collector; does not run it yet. */
export async function openSite(t: TestContext, options: SiteOptions): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'apiary-site-'));
  const server = await ServerProcess.start(join(root, 'server'), {
    ...(options.gateway_bytes_per_second === undefined
      ? {}
      : { gateway_bytes_per_second: options.gateway_bytes_per_second }),
  });
  const site: Site = { root, server, collector: new CollectorProcess(join(root, 'collector')) };
  t.after(async () => {
    await site.collector.kill();
    await server.kill();
    rmSync(root, { recursive: true, force: true });
  });
  site.collector = await CollectorProcess.enrol(
    server,
    join(root, 'collector'),
    'site',
    options.sensors(root),
    { settings: options.collector_settings ?? '' },
  );
  return site;
}

/**
 * Waits until `holds` does.
 * @throws with `what` and both programs' output when it takes longer
 */
export async function waitFor(
  site: Site,
  what: string,
  holds: () => Promise<boolean>,
  ms_max = 180_000,
): Promise<void> {
  const deadline = Date.now() + ms_max;
  while (!(await holds())) {
    if (Date.now() > deadline)
      throw new Error(
        `${what} did not come in ${ms_max} ms\n${site.collector.output.slice(-2000)}\n${site.server.output.slice(-2000)}`,
      );
    await sleep(100);
  }
}

/** Records that this run of the server brought into the engine or knew already, with nothing left waiting. */
export async function settledRecords({
  server,
}: Site): Promise<{ rows: number; known: number; settled: boolean }> {
  const { rows, known, waiting } = await server.order<{ rows: number; known: number; waiting: number }>(
    'loaded',
    {},
  );
  return { rows, known, settled: waiting === 0 };
}

/** Records of one sensor that the collector has read, as its status says; 0 before the first status is written. */
export function readCount({ root }: Site, name: string): number {
  let text: string;
  try {
    text = readFileSync(join(root, 'collector', 'status.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  const { sensors } = JSON.parse(text) as { sensors: { sensor: string; read: number }[] };
  return sensors.find(({ sensor }) => sensor === name)?.read ?? 0;
}
