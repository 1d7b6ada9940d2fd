/** What the gateway refuses, what it answers, and that all of it is counted where a person sees it. */
import assert from 'node:assert';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import type { Sensors } from '@apiary/model/api/sensors.ts';
import { CollectorProcess } from '../rig/collector-process.ts';
import { batchOfFrame, batchOfLines, LightClient } from '../rig/light-client.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

test('every refusal has its reason, and nothing refused is written', { timeout: 90_000 }, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { server, collector } = site;
  await server.order('collectorAdd', { name: 'another', lives_in: 'host', sensors: 'not-yours:cowrie' });
  const client = new LightClient(collector.directory, server.gateway_port);
  t.after(() => client.close());
  const refused = async (
    path: string,
    body: Buffer,
    status: number,
    code: string,
  ): Promise<Record<string, unknown>> => {
    const answer = await client.post(path, body);
    assert.deepStrictEqual(
      [answer.status, answer.body.error?.code],
      [status, code],
      JSON.stringify(answer.body),
    );
    return answer.body.error?.details ?? {};
  };
  const good = batchOfLines({ sensor: 'ssh', seq: 1 }, ['{"eventid":"cowrie.session.connect"}', 'x'], 0);

  await refused('/b', Buffer.from('nonsense'), 400, 'batch_malformed');
  await refused('/b', good.bytes.subarray(0, good.bytes.length - 5), 400, 'batch_malformed');
  await refused('/b', batchOfLines({ sensor: 'nobody', seq: 1 }, ['x'], 0).bytes, 403, 'sensor_unknown');
  await refused('/b', batchOfLines({ sensor: 'not-yours', seq: 1 }, ['x'], 0).bytes, 403, 'sensor_foreign');
  await refused('/b', batchOfLines({ sensor: 'ssh', seq: 1 }, ['x'], 0, 'rows').bytes, 400, 'stream_unknown');
  // A record outside the places that its run declares would slip past the ledger.
  for (const place of [9n, 20n]) {
    const { status, body } = await client.post('/b', batchOfFrame('ssh', place, ['10', '20']).bytes);
    assert.deepStrictEqual(
      [status, body.error?.message],
      [400, `a record at ${place} in a run from 10 to 20`],
      JSON.stringify(body),
    );
  }
  await refused('/b', Buffer.alloc(20 * 1024 * 1024), 413, 'batch_too_large').catch(
    (error: NodeJS.ErrnoException) =>
      assert.ok(['ECONNRESET', 'EPIPE'].includes(error.code ?? ''), String(error)),
  );
  await refused('/elsewhere', Buffer.alloc(0), 404, 'not_found');
  await refused('/h', Buffer.from('{"v":2}'), 400, 'input_invalid');
  await refused('/r', Buffer.from('{"csr":"x"}'), 400, 'input_invalid');
  assert.deepStrictEqual(
    await refused('/b', batchOfLines({ sensor: 'ssh', seq: 5 }, ['x'], 0).bytes, 409, 'batch_out_of_order'),
    { expected_seq: 1 },
  );

  assert.deepStrictEqual((await client.post('/b', good.bytes)).body, {
    status: 'durable',
    seq: 1,
    hash: good.hash,
  });
  assert.deepStrictEqual((await client.post('/b', good.bytes)).body, {
    status: 'known',
    seq: 1,
    hash: good.hash,
  });
  // The oldest that is left is 4: what came before is gone, and that is told.
  const late = batchOfLines({ sensor: 'ssh', seq: 4, prev: good.hash }, ['y'], 1000);
  assert.strictEqual((await client.post('/b?oldest=4', late.bytes)).body.status, 'durable');
  // One that names another predecessor than the one that was acknowledged is taken, and that is told.
  const broken = batchOfLines({ sensor: 'ssh', seq: 5, prev: 'f'.repeat(64) }, ['z'], 2000);
  assert.strictEqual((await client.post('/b', broken.bytes)).body.status, 'durable');
  // Whoever destroys a spool leaves no batch that could name a lost one before it: that there is a new spool is told.
  const anew = batchOfLines({ sensor: 'ssh', seq: 1, spool_id: 'ef'.repeat(16) }, ['n'], 3000);
  assert.strictEqual((await client.post('/b', anew.bytes)).body.status, 'durable');
  await waitFor(site, 'five records', async () => (await settledRecords(site)).rows === 5);
  const { alerts } = await server.get<Sensors>('/sensors');
  assert.deepStrictEqual(
    alerts.filter(({ kind }) => kind === 'spool_began_anew').map(({ message }) => message.slice(0, 118)),
    [
      'the collector site brings it from a new spool: what waited in the one before, behind batch 5, is gone unless it came a',
    ],
  );

  const reasons = [
    'batch_malformed',
    'sensor_unknown',
    'sensor_foreign',
    'stream_unknown',
    'not_found',
    'input_invalid',
    'batch_out_of_order',
  ];
  await waitFor(site, 'the counts of refusals', async () => {
    const shown = JSON.stringify(await server.get('/sensors'));
    return [...reasons, 'batches_missing', 'chain_broken'].every((word) => shown.includes(`"${word}"`));
  });

  // Revocation ends the connections that are open; what comes again is refused, in its own row, not in nobody's.
  const open = connect({
    ...{ host: '127.0.0.1', port: server.gateway_port, servername: '' },
    key: readFileSync(join(collector.directory, 'key.pem')),
    cert: readFileSync(join(collector.directory, 'cert.pem')),
    ca: readFileSync(join(collector.directory, 'authority.pem')),
    checkServerIdentity: () => undefined,
  });
  open.on('error', () => undefined);
  await once(open, 'secureConnect');
  const ended = once(open, 'close');
  // It is ended by the server, not by us, and before it is too long idle.
  open.resume();
  await server.order('collectorRevoke', { name: 'site' });
  await ended;
  const revoked = new LightClient(collector.directory, server.gateway_port);
  t.after(() => revoked.close());
  const answer = await revoked.post('/h', Buffer.from('{}'));
  assert.deepStrictEqual([answer.status, answer.body.error?.code], [403, 'collector_revoked']);
  await waitFor(site, 'its count', async () => {
    const { collectors, refused_peers } = await server.get<Sensors>('/sensors');
    assert.ok(!refused_peers.some(({ reason }) => reason === 'collector_revoked'));
    const own = collectors.find(({ name }) => name === 'site')?.refusals ?? [];
    return own.some(({ reason, count }) => reason === 'collector_revoked' && count === 1);
  });
});

test('batches of one spool that arrive out of order wait for each other', { timeout: 60_000 }, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { server, collector } = site;
  const client = new LightClient(collector.directory, server.gateway_port);
  t.after(() => client.close());
  const batches = [];
  let prev = '';
  for (let seq = 1; seq <= 8; seq += 1) {
    const batch = batchOfLines({ sensor: 'ssh', seq, prev }, [`line ${seq}`], seq * 100);
    prev = batch.hash;
    batches.push(batch);
  }
  const answers = await Promise.all(batches.reverse().map((batch) => client.post('/b', batch.bytes)));
  assert.deepStrictEqual(
    answers.map(({ body }) => [body.status, body.seq]),
    [8, 7, 6, 5, 4, 3, 2, 1].map((seq) => ['durable', seq]),
  );
  const { alerts } = await server.get<{ alerts: unknown[] }>('/sensors');
  assert.deepStrictEqual(alerts, [], 'the chain is whole');
});

test('a spool that went back and comes in another order goes on', { timeout: 60_000 }, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const client = new LightClient(site.collector.directory, site.server.gateway_port);
  t.after(() => client.close());
  const post = async (seq: number, text: string): Promise<unknown> => {
    const { body } = await client.post(
      '/b',
      batchOfLines({ sensor: 'ssh', seq }, [`${text} ${seq}`], seq * 100).bytes,
    );
    return body.status ?? body.error?.code;
  };
  for (let seq = 1; seq <= 8; seq += 1) assert.strictEqual(await post(seq, 'before'), 'durable');
  // The honeypot was reverted to where 4 was the last; two of its batches overtake each other.
  assert.strictEqual(await post(6, 'after'), 'durable');
  assert.strictEqual(await post(5, 'after'), 'durable');
  assert.strictEqual(await post(6, 'after'), 'known');
  assert.strictEqual(await post(7, 'after'), 'durable');
  await waitFor(site, 'eleven records', async () => (await settledRecords(site)).rows === 11);
});

test('whatever comes to the enrolment port, the server stays', { timeout: 60_000 }, async (t) => {
  const site = await openSite(t, { sensors: () => [] });
  const { server } = site;
  const { command } = await server.order<{ command: string }>('collectorAdd', {
    name: 'other',
    lives_in: 'host',
  });
  const port = Number(/--server [^:]+:(\d+)/.exec(command)?.[1]);
  const knock = (body: Buffer): Promise<string> =>
    new Promise((resolve) => {
      const message = request(
        {
          host: '127.0.0.1',
          port,
          method: 'POST',
          path: '/e',
          rejectUnauthorized: false,
          agent: false,
          headers: { 'Content-Length': body.length },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          response.on('close', () => resolve(text));
        },
      );
      message.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      message.end(body);
    });
  await knock(Buffer.alloc(70_000));
  for (const body of ['null', '[]', '{"token":{"toString":1},"csr":""}', '{"token":"x"}', 'x']) {
    assert.match(await knock(Buffer.from(body)), /input_invalid/, body);
  }
  assert.match(
    await knock(Buffer.from('{"token":"x","csr":"y"}')),
    /input_invalid/,
    'a bad request uses up no token',
  );
  assert.deepStrictEqual((await server.order<{ waiting: number }>('loaded', {})).waiting, 0);
});

test('a token from before the revocation does not undo it', { timeout: 60_000 }, async (t) => {
  const site = await openSite(t, { sensors: () => [] });
  const { command } = await site.server.order<{ command: string }>('collectorReplace', { name: 'site' });
  await site.server.order('collectorRevoke', { name: 'site' });
  await site.server.order('collectorAdd', { name: 'other', lives_in: 'host' });
  await assert.rejects(
    site.server.order('collectorAdd', { name: 'import', lives_in: 'host' }),
    /that of the collector of imports/,
  );
  const late = new CollectorProcess(join(site.root, 'late'));
  await assert.rejects(late.finish(command.trim().split(' ').slice(1)), /token/);
  const { collectors } = await site.server.order<{
    collectors: { name: string; revoked_ms: number | null }[];
  }>('collectorList', {});
  assert.notStrictEqual(collectors.find(({ name }) => name === 'site')?.revoked_ms, null);
});
