/** What an earlier run of the server left in its journal comes before anything that reaches the next one. */
import assert from 'node:assert';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchOfLines, LightClient } from '../rig/light-client.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

test('a batch that repeats what still waits in the journal doubles nothing', {
  timeout: 90_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { server, collector } = site;
  const client = new LightClient(collector.directory, server.gateway_port);
  t.after(() => client.close());
  const lines = ['first', 'second', 'third'];
  const engine = await server.enginePid();
  process.kill(engine, 'SIGSTOP');
  const first = await client.post('/b', batchOfLines({ sensor: 'ssh', seq: 1 }, lines, 0).bytes);
  assert.strictEqual(first.body.status, 'durable');
  await server.kill();
  process.kill(engine, 'SIGKILL');

  // The gateway answers before the engine does; a honeypot that was reverted reads its file again.
  const started = server.restart();
  const again = batchOfLines({ sensor: 'ssh', seq: 1, spool_id: 'cd'.repeat(16) }, [...lines, 'fourth'], 0);
  let status: unknown;
  while (status === undefined) {
    status = await client.post('/b', again.bytes).then(
      ({ body }) => body.status,
      () => sleep(20),
    );
  }
  assert.strictEqual(status, 'durable');
  assert.ok(!server.ready, 'the engine is still being made ready');
  await started;
  await waitFor(site, 'all segments', async () => (await settledRecords(site)).settled);
  assert.deepStrictEqual(await settledRecords(site), { rows: 4, known: 3, settled: true });
});
