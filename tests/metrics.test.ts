/** The figures for Prometheus of a server that runs, read as Prometheus reads them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ServerProcess } from './rig/server-process.ts';

const token = 'a-token-of-the-test-only';
const line =
  /^apiary_[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\.)*"(?:,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? -?[\d.]+(?:e[+-]?\d+)?$/;

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
});
