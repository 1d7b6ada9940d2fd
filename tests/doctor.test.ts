/** Both doctors: each thing is broken by itself, and has to be named; then the cluster's questions on one engine. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Finding, judgeCertificate, judgeDisk } from '@apiary/model/finding.ts';
import { cluster_questions, examineCluster } from '@apiary/server/doctor-cluster.ts';
import { isNear } from '@apiary/server/doctor-live.ts';
import { findDrift, migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { openSite, type Site } from './rig/site.ts';

const program = (path: string): string => fileURLToPath(new URL(`../${path}/main.ts`, import.meta.url));

function run(path: string, args: string[]): Promise<{ code: number; text: string; findings: Finding[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program(path), 'doctor', ...args], (error, stdout) =>
      resolve({
        code: error === null ? 0 : Number(error.code),
        text: stdout,
        findings: args.includes('--json') ? (JSON.parse(stdout) as { findings: Finding[] }).findings : [],
      }),
    );
  });
}

const bad = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ check, verdict, told }) => `${verdict} ${check}: ${told}`);

test('the doctors name what was broken', { timeout: 240_000 }, async (t) => {
  const site: Site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { root, server, collector } = site;
  const dir = join(root, 'collector');
  const config = join(server.directory, 'apiary.yaml');
  // The rig made it before the server could.
  chmodSync(server.directory, 0o700);
  const atServer = () => run('server', ['--data', server.directory, '--json']);
  const atCollector = () => run('collector', ['--dir', dir, '--json']);

  await t.test('a well server, and a word too many', async () => {
    const { code, findings } = await atServer();
    assert.deepEqual(
      bad(findings).filter((one) => !one.includes('disk:')),
      [],
    );
    assert(code <= 1);
    for (const check of [
      'settings',
      'disk',
      'permissions',
      'certificates',
      'reachability',
      'clock',
      'engine',
      'schema',
      'time zones',
    ])
      assert(
        findings.some((one) => one.check === check),
        check,
      );
    assert.match((await run('server', ['--data', server.directory])).text, /^ok {4}runtime: Node 24/);
    assert.equal((await run('server', ['all'])).code, 2);
    // Its knock at the gateway's port is no peer that was refused.
    assert.doesNotMatch(server.output, /refused in the handshake/);
  });

  await t.test('permissions', async () => {
    const path = join(server.directory, 'state.sqlite');
    chmodSync(path, 0o644);
    const { code, findings } = await atServer();
    assert.equal(code, 2);
    assert(bad(findings).includes(`fail permissions: ${path} may be used by others (mode 644)`));
    chmodSync(path, 0o600);
  });

  await t.test('settings, and a certificate that is none', async () => {
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, `${text}journal: { bytes: 3 }\n`);
    assert.match(
      bad((await atServer()).findings).join(),
      /^fail settings: .*apiary\.yaml:\d+: journal\.bytes/,
    );
    writeFileSync(config, text.replace('web: {', `web: { tls_certificate: ${config}, tls_key: ${config},`));
    assert.match(
      bad((await atServer()).findings).join(),
      /fail certificates: web\.tls_certificate cannot be read/,
    );
    writeFileSync(config, text);
  });

  await t.test('settings with a secret that everybody may read', async () => {
    const elsewhere = join(root, 'settings.yaml');
    const plain = readFileSync(config, 'utf8');
    const ask = async (): Promise<string> =>
      bad(
        (await run('server', ['--data', server.directory, '--config', elsewhere, '--json'])).findings,
      ).join();
    writeFileSync(elsewhere, plain, { mode: 0o644 });
    assert.doesNotMatch(await ask(), /secrets/);
    writeFileSync(elsewhere, plain.replace('web: {', 'web: { metrics_token: a-long-secret-of-ours,'));
    assert.match(await ask(), /fail permissions: .*settings\.yaml holds secrets, and everybody may read it/);
    chmodSync(elsewhere, 0o640);
    assert.doesNotMatch(await ask(), /secrets/);
  });

  await t.test('a clock that went back', async () => {
    await assert.rejects(
      server.order('userAdd', { name: 'ev il' }),
      /the name: letters, digits and . _ @ - only/,
    );
    await server.order('userAdd', { name: 'eva' });
    await server.stop();
    const { StateDatabase } = await import('@apiary/server/state/database.ts');
    const state = new StateDatabase(join(server.directory, 'state.sqlite'));
    state.run('UPDATE change_log SET at_ms = at_ms + 86400000');
    state.close();
    const down = await atServer();
    assert.equal(down.code, 2);
    assert.match(bad(down.findings).join('\n'), /fail reachability: gateway at .*ECONNREFUSED/);
    assert.match(bad(down.findings).join('\n'), /fail server: no server answers/);
    await server.restart();
    assert.match(
      bad((await atServer()).findings).join(),
      /fail clock: the clock says .* and something was written at/,
    );
  });

  await t.test(
    'the collector: never run, key open, settings wrong, source missing, server away',
    async () => {
      assert.match(
        bad((await atCollector()).findings).join(),
        /warn sources: ssh: there is nothing at .*warn collector: it has never run/,
      );
      writeFileSync(join(root, 'cowrie.json'), '');
      const key = join(dir, 'key.pem');
      const { mode } = statSync(key);
      chmodSync(key, 0o640);
      assert.match(
        bad((await atCollector()).findings).join(),
        /fail permissions: .*key\.pem may be used by others/,
      );
      chmodSync(key, mode);
      const path = join(dir, 'collector.yaml');
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, `${text}\nbogus: 1\n`);
      assert.match(bad((await atCollector()).findings).join(), /fail settings: .*bogus/);
      writeFileSync(path, text);
      await server.stop();
      const { code, findings } = await atCollector();
      assert.equal(code, 2);
      assert.match(
        bad(findings).join(),
        /fail reachability: gateway at 127\.0\.0\.1:\d+: connect ECONNREFUSED/,
      );
      assert.match(
        bad((await run('collector', ['--dir', join(root, 'nowhere'), '--json'])).findings).join(),
        /fail directory: there is no/,
      );
      assert.equal(collector.child, undefined);
    },
  );
});

test('certificates and disks are judged by what is left', () => {
  const day = 86_400_000;
  const at = (to_days: number, from_days = -1): string =>
    judgeCertificate('c', 'it', from_days * day, to_days * day, 0, 'Renew.').verdict;
  assert.deepEqual([at(30), at(13), at(0), at(30, 1)], ['ok', 'warn', 'fail', 'fail']);
  const gib = 1024 ** 3;
  const free = (part: number): string => judgeDisk('/d', part * 100 * gib, 100 * gib).verdict;
  assert.deepEqual([free(0.5), free(0.09), free(0.01)], ['ok', 'warn', 'fail']);
  assert.deepEqual(
    [isNear('0.1.0', '0.2.3'), isNear('0.1.0', '0.3.0'), isNear('1.0.0', '0.9.0')],
    [true, false, false],
  );
});

describe('the questions to a cluster', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-doctor-'));
  const store = new Store({ directory });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  test('are understood by the engine, which is no cluster, and says so', async () => {
    await store.whenUp();
    const findings = await examineCluster(store, Date.now());
    assert.equal(findings.length, cluster_questions.length + 3);
    const verdicts = new Map(findings.map(({ check, verdict, told }) => [check, `${verdict} ${told}`]));
    assert.equal(verdicts.get('cluster version'), 'ok as it should be');
    assert.equal(verdicts.get('cluster nodes'), 'fail there is no cluster named apiary');
    assert.equal(verdicts.get('cluster macros'), 'fail the macros shard and replica are not both set');
    assert.match(verdicts.get('cluster keeper')!, /^fail /);
    assert.match(verdicts.get('cluster clocks')!, /^fail .*apiary/);
    assert.match(verdicts.get('cluster shards')!, /^fail .* has 0 shards .* store\.shards names 1$/);
    assert.match(verdicts.get('cluster order')!, /^fail the node of shard 1 is none of its cluster apiary/);
    assert.equal(verdicts.get('cluster placement'), 'ok as it should be');
    for (const check of ['replicas', 'distribution', 'mutations'])
      assert.equal(verdicts.get(`cluster ${check}`), 'ok as it should be');
  });

  test('beside them the schema is compared with what this version has', async () => {
    assert.deepEqual(await findDrift(store, []), ['there is no schema yet: the first start makes it']);
    await migrate(store, []);
    assert.deepEqual(await findDrift(store, []), []);
    await store.command('DROP TABLE incident');
    assert.deepEqual(await findDrift(store, []), ['incident is missing']);
    await store.command(
      "ALTER TABLE schema_history DELETE WHERE name = '002_analysis.sql' SETTINGS mutations_sync = 1",
    );
    assert.match(
      (await findDrift(store, [])).join(),
      /^the migration 002_analysis\.sql of core was not applied/,
    );
  });

  test('judge each answer', () => {
    const judge = (check: string, rows: Record<string, string>[]): string =>
      cluster_questions.find((one) => one.check === check)!.judge(rows);
    assert.equal(judge('version', [{ version: '24.8.1.1' }]), 'ClickHouse 24.8.1.1 is too old');
    assert.equal(judge('nodes', [{ shard: '1', replicas: '2', errors: '0' }]), '');
    assert.equal(
      judge('nodes', [{ shard: '1', replicas: '1', errors: '0' }]),
      'the shards 1 have one replica',
    );
    assert.equal(judge('keeper', [{ name: 'default', is_expired: '0' }]), '');
    assert.match(judge('keeper', [{ name: 'default', is_expired: '1' }]), /no session/);
    assert.match(
      judge('clocks', [
        { host: 'a', seconds: '2' },
        { host: 'b', seconds: '9' },
      ]),
      /^the clock of b is off by 9 s$/,
    );
    assert.match(
      judge('replicas', [{ table: 'event_local', is_readonly: '1', delay: '0', queue: '3' }]),
      /event_local/,
    );
  });
});
