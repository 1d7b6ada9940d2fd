/** The figures for Prometheus of a server that runs, read as Prometheus reads them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from './rig/server-process.ts';

const token = 'a-token-of-the-test-only';
const line =
  /^apiary_[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\.)*"(?:,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? -?[\d.]+(?:e[+-]?\d+)?$/;

test('a server whose tables are being made is not well yet', { timeout: 120_000 }, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-health-'));
  const server = await ServerProcess.prepare(join(root, 'server'));
  t.after(async () => {
    await server.kill();
    rmSync(root, { recursive: true, force: true });
  });
  server.begin();
  while (!server.output.includes('making the tables')) await sleep(20);
  const health = await fetch(`${server.url}/healthz`);
  assert.equal(health.status, 503);
  assert.match(await health.text(), /its tables are being made/);
});

test('metrics are there for who has the token, in the form of Prometheus', {
  timeout: 120_000,
}, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-metrics-'));
  const server = await ServerProcess.start(join(root, 'server'));
  t.after(async () => {
    await server.kill();
    rmSync(root, { recursive: true, force: true });
  });
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  // Without a token there is no such page.
  assert.doesNotMatch(await (await fetch(`${server.url}/metrics`)).text(), /apiary_engine_up/);
  await server.stop();
  const settings = join(server.directory, 'apiary.yaml');
  writeFileSync(
    settings,
    readFileSync(settings, 'utf8').replace('web: { ', `web: { metrics_token: ${token}, `),
  );
  await server.restart();
  assert.equal((await fetch(`${server.url}/metrics`)).status, 401);
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const lines = (await answer.text()).split('\n').filter((one) => one !== '' && !one.startsWith('#'));
  for (const one of lines) assert.match(one, line);
  assert(lines.includes('apiary_engine_up 1'));
  assert(lines.some((one) => one.startsWith('apiary_records_loaded_total ')));
  const figure = (name: string): number =>
    Number(lines.find((one) => one.startsWith(`apiary_${name} `))?.split(' ')[1]);
  const { bavail, blocks, bsize } = statfsSync(server.directory);
  assert.equal(figure('disk_bytes'), blocks * bsize);
  // Others write meanwhile.
  assert(Math.abs(figure('disk_free_bytes') - bavail * bsize) < 1e9);
  assert.equal(figure('journal_bytes'), 0);
  assert.equal(figure('journal_bytes_max'), 8 * 1024 ** 3);
  assert.equal(figure('artifact_bytes_max'), 16 * 1024 ** 3);
  assert.equal(figure('engine_restarts_total'), 0);
  assert.equal(figure('gaps_total'), 0);
  process.kill(await server.enginePid(), 'SIGKILL');
  // It is told as soon as the server has seen it end.
  for (let text = ''; !/^apiary_engine_restarts_total 1$/m.test(text); await sleep(50))
    text = await (
      await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    ).text();
});
