/** The port closes behind the last answer, not behind the last token. */
import assert from 'node:assert';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrol } from '@apiary/collector/enrol.ts';
import { makeKey } from '@apiary/collector/renew.ts';
import type { OperationalError } from '@apiary/model/errors.ts';
import { LightClient } from '../../tests/rig/light-client.ts';
import { Authority } from '../pki/authority.ts';
import { Collectors } from '../state/collectors.ts';
import { StateDatabase } from '../state/database.ts';
import { Gateways } from '../state/gateways.ts';
import { Enrolment } from './enrolment.ts';
import { Refusals } from './notes.ts';

/** An authority, and an enrolment port before an empty state. */
async function makeEnrolment(
  t: TestContext,
  port = 0,
): Promise<{
  root: string;
  authority: Authority;
  collectors: Collectors;
  enrolment: Enrolment;
  log: string[];
  state: StateDatabase;
}> {
  const root = mkdtempSync(join(tmpdir(), 'apiary-enrolment-'));
  t.after(() => rmSync(root, { recursive: true }));
  const state = new StateDatabase(':memory:');
  t.after(() => state.close());
  const collectors = new Collectors(state);
  const authority = await Authority.open(join(root, 'pki'));
  const log: string[] = [];
  const refusals = new Refusals(state, (message) => log.push(message));
  t.after(() => refusals.stop());
  const enrolment = new Enrolment({
    authority,
    collectors,
    gateways: new Gateways(state),
    refusals,
    host: '127.0.0.1',
    port,
    gateway_address: '127.0.0.1:1',
    enrolment_address: '127.0.0.1:1',
    control_address: '127.0.0.1:1',
    revoked: () => {},
    log: (message) => log.push(message),
  });
  t.after(() => enrolment.stop());
  return { root, authority, collectors, enrolment, log, state };
}

test('who enrols at the same time as the last one gets a certificate, however long that takes', {
  timeout: 60_000,
}, async (t) => {
  const { root, authority, collectors, enrolment, log } = await makeEnrolment(t);
  const issue = authority.issue.bind(authority);
  const slow = collectors.add('test', 'slow', 'elsewhere');
  authority.issue = async (csr, collector_id) => {
    if (collector_id === slow.collector_id) await sleep(1500);
    return issue(csr, collector_id);
  };
  const tokens = [slow, collectors.add('test', 'quick', 'elsewhere')].map((collector) => ({
    name: collector.name,
    token: collectors.addToken('test', collector, false),
  }));
  await enrolment.refresh();
  const port = /port (\d+)/.exec(log.join('\n'))?.[1];
  const answers = await Promise.all(
    tokens.map(({ name, token }) =>
      enrol({
        server: `127.0.0.1:${port}`,
        token,
        authority: `sha256:${authority.fingerprint()}`,
        dir: join(root, name),
        config_path: join(root, name, 'collector.yaml'),
        streams: [],
      }),
    ),
  );
  assert.deepStrictEqual(
    answers.map(({ collector }) => collector),
    ['slow', 'quick'],
  );
  for (let round = 0; enrolment.listening && round < 100; round += 1) await sleep(50);
  assert.strictEqual(enrolment.listening, false, 'nobody has a token any more');
  // Who comes again with a token that was used finds the port shut, and is told what that means.
  await assert.rejects(
    enrol({
      server: `127.0.0.1:${port}`,
      token: tokens[0]!.token,
      authority: `sha256:${authority.fingerprint()}`,
      dir: join(root, 'again'),
      streams: [],
    }),
    (error: OperationalError) => {
      assert.strictEqual(error.code, 'enrolment_closed');
      assert.match(error.remedy, /If the command was used, or is over an hour old, ask for a new one/);
      return true;
    },
  );
});

test('a port that others hold is told of, and serves the same token when it is free', {
  timeout: 60_000,
}, async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const { root, authority, collectors, enrolment, log } = await makeEnrolment(t, port);
  const collector = collectors.add('test', 'late', 'elsewhere');
  const token = collectors.addToken('test', collector, false);
  await Promise.all([enrolment.refresh(), enrolment.refresh()]);
  assert.strictEqual(enrolment.listening, false);
  assert.match(
    enrolment.trouble,
    new RegExp(`127\\.0\\.0\\.1:${port} cannot be listened on \\(EADDRINUSE\\)`),
  );
  assert.strictEqual(log.filter((line) => line.includes('EADDRINUSE')).length, 1, 'told once');
  await new Promise((resolve) => holder.close(resolve));
  // Nobody asks again: the server does so by itself.
  for (let round = 0; !enrolment.listening && round < 600; round += 1) await sleep(50);
  assert.strictEqual(enrolment.listening, true);
  assert.strictEqual(enrolment.trouble, '');
  const told = await enrol({
    server: `127.0.0.1:${port}`,
    token,
    authority: `sha256:${authority.fingerprint()}`,
    dir: join(root, 'late'),
    streams: [],
  });
  assert.strictEqual(told.collector, 'late');
});

/** Status, headers and body that a stranger gets. */
async function askAsStranger(
  port: string,
  method: string,
  path: string,
  body: string,
): Promise<{ status: number; shown: string }> {
  const agent = new Agent({ rejectUnauthorized: false });
  const sent = request({ host: '127.0.0.1', port, method, path, agent }).end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  agent.destroy();
  return {
    status: answer.statusCode ?? 0,
    shown: `${answer.rawHeaders.join(' ')} ${Buffer.concat(chunks).toString()}`,
  };
}

test('a certificate that has run out renews for a year, and not after it or when it was revoked', async (t) => {
  const { root, authority, collectors, enrolment, log, state } = await makeEnrolment(t);
  const collector = collectors.add('test', 'late', 'elsewhere');
  const token = collectors.addToken('test', collector, false);
  await enrolment.refresh();
  const port = Number(/port (\d+)/.exec(log.join('\n'))?.[1]);
  const dir = join(root, 'late');
  await enrol({
    server: `127.0.0.1:${port}`,
    token,
    authority: `sha256:${authority.fingerprint()}`,
    dir,
    streams: [],
  });
  // Somebody else's, so that the port stays open.
  collectors.addToken('test', collectors.add('test', 'other', 'elsewhere'), false);
  const client = new LightClient(dir, port);
  t.after(() => client.close());
  const renewAfter = async (days: number): Promise<string> => {
    state.run('UPDATE certificate SET ends_ms = ?', Date.now() - days * 86_400_000);
    const { status, body } = await client.post('/r', Buffer.from(JSON.stringify({ csr: makeKey().csr })));
    return status === 200 ? 'renewed' : `${body.error?.code}: ${body.error?.message}`;
  };
  assert.match(await renewAfter(366), /^certificate_invalid: .*ran out more than 365 days ago/);
  assert.strictEqual(await renewAfter(364), 'renewed');
  assert.strictEqual(collectors.hasLateCertificate(Date.now(), 365 * 86_400_000), false, 'it has a new one');
  collectors.revoke('test', collector, 'stolen', true);
  assert.match(await renewAfter(1), /^collector_revoked: /);
});

test('who has no certificate learns nothing of what answers him; who enrols is told all', async (t) => {
  const { root, authority, collectors, enrolment, log } = await makeEnrolment(t);
  collectors.addToken('test', collectors.add('test', 'one', 'elsewhere'), false);
  await enrolment.refresh();
  const port = /port (\d+)/.exec(log.join('\n'))?.[1] ?? '';
  const { csr } = makeKey();
  for (const [method, path, body, status] of [
    ['GET', '/', '', 404],
    ['GET', '/e', '', 404],
    ['POST', '/e', '{}', 400],
    ['POST', '/e', JSON.stringify({ token: 'none', csr }), 401],
    ['POST', '/e', JSON.stringify({ token: 'none', csr: 'none' }), 400],
    ['POST', '/e', 'x'.repeat(100_000), 413],
    ['POST', '/r', JSON.stringify({ csr }), 401],
  ] as const) {
    const answer = await askAsStranger(port, method, path, body);
    assert.strictEqual(answer.status, status, `${method} ${path} ${body.slice(0, 30)}`);
    assert.doesNotMatch(answer.shown, /apiary|collector|gateway|sensor|honey|batch|remedy|message/i);
  }
  const access = { server: `127.0.0.1:${port}`, authority: `sha256:${authority.fingerprint()}`, streams: [] };
  await assert.rejects(
    enrol({ ...access, token: 'none', dir: join(root, 'one') }),
    (error: OperationalError) => {
      assert.strictEqual(error.code, 'token_invalid');
      assert.match(error.message, /unknown, used or has run out/);
      assert.match(error.remedy, /Ask for a new command: apiary collector add NAME/);
      return true;
    },
  );
});
