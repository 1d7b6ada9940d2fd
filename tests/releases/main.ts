/**
 * Makes the data directory of this version as later versions must be able to read it, with what is in it as facts:
 * `npm run keep-release -- NAME` writes `NAME.tar.xz` and `NAME.json` beside this file. Once for each release.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../rig/server-process.ts';
import { collectFacts, type Release } from './facts.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const sensor_types = ['cowrie', 'opencanary', 'suricata', 'heralding', 'honeyd'];

/** What of a stopped server's directory is no data of its own. */
const left_out = ['control.sock', 'lock', 'apiary.yaml', 'engine/engine.xml'];

/** @returns the number of the incident that an analyst has named */
async function fill(server: ServerProcess): Promise<number> {
  for (const type of sensor_types) {
    execFileSync(
      process.execPath,
      [
        ...[join(root, 'server/main.ts'), 'import', '--data', server.directory, '--sensor', `old-${type}`],
        ...['--type', type, ...globSync(join(root, 'submodules', type, 'samples', '*.lines')).toSorted()],
      ],
      { stdio: 'inherit' },
    );
  }
  for (;;) {
    const { incidents } = await server.get<{ incidents: { number: number }[] }>(
      '/incidents?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z',
    );
    const [first] = incidents;
    if (first !== undefined) {
      await server.post(`/incidents/${first.number}/judgements`, { field: 'name', value: 'The first one' });
      await server.post(`/incidents/${first.number}/judgements`, {
        field: 'comment',
        value: 'Looked at; nothing else to do.',
      });
      // A pass of the analysis that is under way ends.
      await sleep(5000);
      return first.number;
    }
    await sleep(500);
  }
}

const [name] = process.argv.slice(2);
if (name === undefined || !/^[\w.-]+$/.test(name)) {
  process.stderr.write('npm run keep-release -- NAME, where NAME is the version\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'apiary-release-'));
try {
  const directory = join(folder, 'data');
  const server = await ServerProcess.start(directory);
  let named: number;
  try {
    named = await fill(server);
  } finally {
    await server.stop();
  }
  const made: Release = { named, facts: await collectFacts(directory) };
  for (const path of left_out) rmSync(join(directory, path), { force: true });
  execFileSync('tar', ['-cJf', join(here, `${name}.tar.xz`), '-C', folder, 'data'], {
    env: { ...process.env, XZ_OPT: '-9e' },
  });
  writeFileSync(join(here, `${name}.json`), `${JSON.stringify(made, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
