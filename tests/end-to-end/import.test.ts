/** `apiary import`: recordings of every form come in, once, however often; what is wrong with a file is told by its name. */
import assert from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Imported, ImportedFile } from '@apiary/server/import/import.ts';
import { readDump } from '../mysql-dump.ts';
import { missing, readPlain, recordings } from '../recording.ts';
import { readEngine } from '../rig/engine-reader.ts';
import type { ServerProcess } from '../rig/server-process.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

const server_main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

interface Ended {
  code: number | null;
  out: string;
  said: string;
}

async function runImport(server: ServerProcess, args: string[]): Promise<Ended> {
  const words = [server_main, 'import', '--data', server.directory, ...args];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended: Ended = { code: null, out: '', said: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    ended.out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    ended.said += chunk.toString('utf8');
  });
  ended.code = await new Promise((resolve) => child.once('close', resolve));
  return ended;
}

async function importJson(
  server: ServerProcess,
  args: string[],
): Promise<Imported & { code: number | null }> {
  const { code, out, said } = await runImport(server, [...args, '--json']);
  assert.notEqual(out, '', said);
  return { ...(JSON.parse(out) as Imported), code };
}

const totals = (files: readonly ImportedFile[]): { read: number; fresh: number; known: number } => ({
  read: files.reduce((sum, { read }) => sum + read, 0),
  fresh: files.reduce((sum, { fresh }) => sum + fresh, 0),
  known: files.reduce((sum, { known }) => sum + known, 0),
});
const once = (count: number): ReturnType<typeof totals> => ({ read: count, fresh: count, known: 0 });
const again = (count: number): ReturnType<typeof totals> => ({ read: count, fresh: 0, known: count });
const countLines = (bytes: Buffer): number => bytes.toString('latin1').split('\n').length - 1;
const lab = (path: string): string => join(recordings, 'lab', path);

test('recordings of the lab, twice, beside a collector that read one of them', {
  timeout: 400_000,
  skip: missing('lab'),
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { root, server, collector } = site;
  const log = lab('cowrie-2.5.0/log/cowrie.json.gz');
  writeFileSync(join(root, 'cowrie.json'), readPlain(log));
  const lines = countLines(readPlain(log));
  collector.run();
  await waitFor(site, 'the log', async () => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= lines;
  });
  await collector.kill('SIGTERM');

  await t.test(
    'what the collector sent does not come twice; the whole files beside the log do come',
    async () => {
      const whole = readdirSync(lab('cowrie-2.5.0/lib/downloads'));
      const paths = ['log/cowrie.json.gz', 'lib/downloads', 'lib/cowrie.sqlite'];
      const args = ['--sensor', 'ssh', ...paths.map((path) => lab(`cowrie-2.5.0/${path}`))];
      const { files, left_out } = await importJson(server, args);
      const of_log = files.filter(({ file }) => file === log);
      assert.deepEqual(totals(of_log), again(lines));
      assert.deepEqual(totals(files.filter((one) => !of_log.includes(one))), once(whole.length));
      // Its tables are not read; this is told.
      assert.deepEqual(
        left_out.map(({ shown }) => shown),
        [lab('cowrie-2.5.0/lib/cowrie.sqlite')],
      );
      assert.deepEqual(totals((await importJson(server, args)).files), again(lines + whole.length));
    },
  );

  const dump = lab('kippo/kippo.mysql.STATEMENT-run.sql.gz');
  const tables = ['sessions', 'auth', 'input', 'downloads', 'ttylog', 'clients', 'sensors'];
  const dumped = new Map(
    tables.map((table) => [table, readDump(readPlain(dump).toString('latin1'), table, ['ttylog'])]),
  );
  await t.test('a mysqldump, by the tables of the sensor type', async () => {
    const rows = [...dumped.values()].reduce((sum, found) => sum + found.length, 0);
    const first = await importJson(server, ['--prefix', 'lab', dump]);
    assert.deepEqual(totals(first.files), once(rows));
    assert.deepEqual({ code: first.code, sensor: first.files[0]?.sensor }, { code: 0, sensor: 'lab-kippo' });
    // Another form of the same: plain, from elsewhere.
    writeFileSync(join(root, 'copy.sql'), readPlain(dump));
    const second = await importJson(server, ['--sensor', 'lab-kippo', join(root, 'copy.sql')]);
    assert.deepEqual(totals(second.files), again(rows));
  });

  await t.test('an archive with several types; what is in it is named', async () => {
    const archive = join(root, 'past.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', lab('.'), 'honeyd', 'opencanary', 'dionaea/dionaea.sqlite']);
    const { files, left_out, code } = await importJson(server, ['--prefix', 'past', archive]);
    assert.deepEqual([left_out, code], [[], 0]);
    const of = (sensor: string): ReturnType<typeof totals> =>
      totals(files.filter((one) => one.sensor === sensor));
    const honeyd = ['packet.log', 'service.log'].map((name) =>
      countLines(readFileSync(lab(`honeyd/${name}`))),
    );
    assert.deepEqual(of('past-honeyd'), once(honeyd[0]! + honeyd[1]!));
    assert.deepEqual(of('past-opencanary'), once(countLines(readPlain(lab('opencanary/opencanary.log.gz')))));
    assert.ok(files.every(({ file }) => file.startsWith(`${archive}/`)));
  });

  await t.test(
    'a half-written gzip: its whole lines come, the torn one does not, and the rest can come later',
    async () => {
      const torn = join(root, 'torn.json.gz');
      const whole = lab('cowrie-3.0.12/log/cowrie.json.gz');
      cpSync(whole, torn);
      truncateSync(torn, Math.floor(readFileSync(whole).length * 0.6));
      const got = spawnGzip(torn);
      const first = await importJson(server, ['--sensor', 'later', '--type', 'cowrie', torn]);
      assert.deepEqual(totals(first.files), once(countLines(got)));
      assert.match(first.files[0]!.trouble, /^damaged: .*unexpected end of file/);
      assert.equal(first.code, 1);
      const second = await importJson(server, ['--sensor', 'later', whole]);
      const all = countLines(readPlain(whole));
      assert.deepEqual(totals(second.files), {
        read: all,
        fresh: all - countLines(got),
        known: countLines(got),
      });
    },
  );

  await t.test('xz and bzip2', async () => {
    for (const program of ['xz', 'bzip2']) {
      const path = join(root, `endlessh.log.${program}`);
      writeFileSync(path, execFileSync(program, ['-c', lab('endlessh/endlessh.log')]));
      const { files } = await importJson(server, ['--sensor', 'tarpit', path]);
      const count = countLines(readFileSync(lab('endlessh/endlessh.log')));
      assert.deepEqual(totals(files), program === 'xz' ? once(count) : again(count));
    }
  });

  await t.test('what is wrong with a file is told by its name, and the others come', async () => {
    await checkWrongFiles(t, server, join(root, 'wrong'));
  });

  await t.test('wrong orders', async () => {
    const wrong: [string[], RegExp][] = [
      [['--sensor', 'x'], /name files or directories/],
      [[log], /--sensor NAME, or --prefix NAME/],
      [['--sensor', 'x', '--type', 'beehive', log], /no sensor type "beehive"/],
      [['--sensor', 'ssh', '--type', 'kippo', log], /"ssh" is a cowrie, not a kippo/],
      [['--sensor', 'x', '--time-zone', 'Mars/Base', log], /no time zone "Mars\/Base"/],
      [['--sensor', 'mixed', lab('endlessh'), lab('honeyd')], /several sensor types: .*endlessh.*honeyd/],
      [['--sensor', 'x', join(root, 'nothing')], /ENOENT/],
    ];
    for (const [args, message] of wrong) {
      const { code, out, said } = await runImport(server, args);
      assert.equal(code, 1, args.join(' '));
      assert.match(out + said, message);
    }
  });

  // What the server counted is what the engine holds, by its own tables.
  await server.stop();
  const held = await readEngine(server.directory, async (store) => {
    const counts = await Promise.all(
      tables.map(async (table) => {
        const [row] = await store.query<{ n: string; same: string }>(
          `SELECT count() AS n, uniqExact(generation, place) AS same FROM kippo_${table}
           GROUP BY sensor_id ORDER BY sensor_id LIMIT 1`,
        );
        return [table, [Number(row?.n), Number(row?.same)]] as const;
      }),
    );
    const [cowrie] = await store.query<{ n: string }>(
      'SELECT count() AS n FROM cowrie_json WHERE version = 0',
    );
    return { kippo: Object.fromEntries(counts), cowrie: Number(cowrie?.n) };
  });
  const rows = Object.fromEntries([...dumped].map(([table, found]) => [table, [found.length, found.length]]));
  assert.deepEqual(held.kippo, rows);
  assert.equal(held.cowrie, lines + countLines(readPlain(lab('cowrie-3.0.12/log/cowrie.json.gz'))));
});

/** What gzip itself gets out of a torn file. */
function spawnGzip(path: string): Buffer {
  try {
    return execFileSync('gzip', ['-dc', path], { maxBuffer: 1024 ** 3, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return (error as { stdout: Buffer }).stdout;
  }
}

async function checkWrongFiles(t: TestContext, server: ServerProcess, folder: string): Promise<void> {
  mkdirSync(folder);
  cpSync(lab('endlessh/endlessh.log'), join(folder, 'endlessh.log'));
  cpSync(lab('dionaea/dionaea.sqlite'), join(folder, 'half.sqlite'));
  truncateSync(join(folder, 'half.sqlite'), 300_000);
  writeFileSync(join(folder, 'novel.txt'), 'It was a dark and stormy night.\nNobody attacked anything.\n');
  writeFileSync(join(folder, 'noise.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  writeFileSync(join(folder, 'empty.log'), '');
  const dump = gunzipSync(readFileSync(lab('kippo/kippo.mysql.STATEMENT-run.sql.gz')));
  writeFileSync(join(folder, 'half.sql'), dump.subarray(0, dump.lastIndexOf('INSERT INTO') + 100));
  writeFileSync(join(folder, 'name\n\x1b[31mred.bin'), Buffer.from([0, 1, 2, 3]));
  symlinkSync('/etc/passwd', join(folder, 'link.log'));
  const { files, left_out, code } = await importJson(server, ['--prefix', 'wrong', folder]);
  assert.equal(code, 1);
  const read = Object.fromEntries(files.map(({ file, trouble }) => [file.slice(folder.length + 1), trouble]));
  assert.equal(read['endlessh.log'], '');
  assert.match(read['half.sql'] ?? '', /^it ends inside of a statement, at byte \d+$/);
  const out = Object.fromEntries(left_out.map((one) => [one.shown.slice(folder.length + 1), one]));
  assert.match(out['half.sqlite']?.reason ?? '', /the database is damaged/);
  assert.match(out['novel.txt']?.reason ?? '', /those of no sensor type/);
  assert.match(out['noise.gz']?.reason ?? '', /nothing of it can be decompressed/);
  assert.deepEqual(out['empty.log'], {
    shown: join(folder, 'empty.log'),
    reason: 'is empty',
    is_trouble: false,
  });
  assert.equal(Object.keys(out).length, 5, 'a link below a folder is not followed');
  t.diagnostic(`${left_out.length} files were left out`);
  const { out: shown } = await runImport(server, ['--prefix', 'wrong', folder]);
  assert.ok(!shown.includes('\x1b') && /NOT READ\t.*name\ufffd\ufffd\[31mred\.bin/.test(shown), shown);
}
