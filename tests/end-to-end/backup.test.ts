/** A backup taken while lines come in, put back on an empty directory: collectors send again what it misses. */
import assert from 'node:assert';
import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

const server_main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const apiary = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [server_main, ...args])).stdout;

test('a backup under ingestion is whole, and what came after it comes again', {
  timeout: 240_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  const arrived = (count: number) => async (): Promise<boolean> => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= count;
  };
  collector.run();
  source.write(20_000);
  await waitFor(site, 'the first lines', arrived(20_000));
  // Lines come in while the backup is taken.
  const writing = setInterval(() => source.write(200), 20);
  const target = join(root, 'backup');
  // What an order for one left that was killed.
  const unfinished = join(server.directory, 'backup-outgoing', 'backup-1');
  mkdirSync(unfinished, { recursive: true });
  let told: string;
  try {
    told = await apiary('backup', target, '--data', server.directory);
  } finally {
    clearInterval(writing);
  }
  assert.match(told, /backup holds all as of 20\d\d-/);
  await assert.rejects(apiary('backup', target, '--data', server.directory), /not empty/);
  await assert.rejects(apiary('backup', '--data', server.directory), /backup needs TARGET/);
  await assert.rejects(
    apiary('backup', join(root, 'backup', 'backup.json', 'x'), '--data', server.directory),
    /ENOTDIR.*\nRun it as a user who may, or name another place/,
  );
  // The server wrote in its own directory only, and nothing of it is left there.
  assert.deepEqual(
    [existsSync(unfinished), readdirSync(join(server.directory, 'backup-outgoing'))],
    [false, []],
  );
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith('backup')),
    ['backup'],
  );
  source.write(5000);
  const all = source.written;
  await waitFor(site, 'all lines at the old server', arrived(all));
  await server.stop();

  // The old machine is gone.
  const settings = readFileSync(join(server.directory, 'apiary.yaml'));
  rmSync(server.directory, { recursive: true });
  mkdirSync(server.directory, { mode: 0o700 });
  const is_root = process.getuid?.() === 0;
  if (is_root) chownSync(server.directory, 4242, 4243);
  await apiary('restore', target, '--data', server.directory);
  if (is_root)
    for (const path of readdirSync(server.directory, { recursive: true, encoding: 'utf8' })) {
      const { uid, gid } = lstatSync(join(server.directory, path));
      assert.deepEqual([uid, gid], [4242, 4243], path);
    }
  await assert.rejects(apiary('restore', target, '--data', server.directory), /not empty/);
  assert.deepStrictEqual(readFileSync(join(server.directory, 'apiary.yaml')), settings);
  assert.equal(statSync(join(server.directory, 'pki')).mode & 0o077, 0, 'keys are for their owner only');
  await server.restart();
  source.write(1000);
  const count = async (): Promise<number> => {
    const sizes = await server.order<{ tables: { table: string; rows: number }[] }>('storeSizes', {});
    return sizes.tables.find(({ table }) => table === 'cowrie_json')?.rows ?? 0;
  };
  await waitFor(site, 'what the backup misses', async () => (await count()) >= source.written, 120_000);
  await collector.kill('SIGTERM');
  await server.stop();
  const [found] = await readEngine(server.directory, (store) =>
    store.query<{ records: string; different: string; events: string }>(
      `SELECT count() AS records, uniqExact(session) AS different, (SELECT count() FROM event) AS events FROM cowrie_json`,
    ),
  );
  assert.deepStrictEqual(found, {
    records: String(source.written),
    different: String(source.written),
    events: String(source.written),
  });
});
