/** Intakes of a whole collector, with real sockets on loopback, into a gateway that keeps what it gets. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { record_flags } from '@apiary/model/batch.ts';
import { missing, recordings } from '../../tests/recording.ts';
import { freePorts } from '../../tests/rig/ports.ts';
import type { RunningCollector } from '../collector.ts';
import { showStatus } from '../status.ts';
import { Rig } from '../testing/rig.ts';
import { until } from '../testing/until.ts';

const encodeText = (text: string): Buffer => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
function hpfeeds(operation: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(5 + body.length);
  head[4] = operation;
  return Buffer.concat([head, body]);
}
const publish = (ident: string, channel: string, payload: string | Buffer): Buffer =>
  hpfeeds(3, encodeText(ident), encodeText(channel), Buffer.from(payload));

/** Connects, answers the broker's nonce, and gives the socket with all that it is told afterwards. */
async function authenticate(
  port: number,
  ident: string,
  secret: string,
): Promise<{ socket: Socket; told: () => Buffer; closed: () => boolean }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let is_closed = false;
  socket.on('close', () => {
    is_closed = true;
  });
  const [info] = (await once(socket, 'data')) as [Buffer];
  assert.equal(info[4], 1);
  const nonce = info.subarray(6 + info[5]!);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const signature = createHash('sha1').update(nonce).update(secret).digest();
  socket.write(hpfeeds(2, encodeText(ident), signature));
  return { socket, told: () => Buffer.concat(chunks), closed: () => is_closed };
}

describe('network intakes', { timeout: 120_000 }, () => {
  let rig: Rig;
  let ports: number[];
  let running: RunningCollector;
  before(async () => {
    rig = await Rig.make();
    ports = await freePorts(8);
    writeFileSync(rig.path('secrets'), 'hp1 s3cret\nhp2 other\n', { mode: 0o600 });
    const files = ['-keyout', rig.path('tls.key'), '-out', rig.path('tls.pem')];
    const subject = ['-subj', '/CN=intake', '-days', '2', '-nodes'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...files, ...subject],
      { stdio: 'ignore' },
    );
    const [udp, tcp, tls, broker, foreign, stripped] = ports as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    running = await rig.start(
      'intakes',
      `
sensors:
  - { name: fw, type: cowrie }
  - { name: web, type: cowrie }
  - { name: feed, type: cowrie }
  - { name: kernel, type: sebek }
intakes:
  - { kind: syslog, listen: "127.0.0.1:${udp}", senders: [ { from: 127.0.0.1, sensor: fw } ] }
  - { kind: syslog, transport: tcp, listen: "127.0.0.1:${tcp}", senders: [ { from: 127.0.0.0/8, sensor: web, stream: json } ] }
  - { kind: syslog, transport: tls, listen: "127.0.0.1:${tls}", certificate: ${rig.path('tls.pem')}, key: ${rig.path('tls.key')}, senders: [ { from: 127.0.0.1, sensor: web } ] }
  - kind: hpfeeds
    listen: "127.0.0.1:${broker}"
    secrets: ${rig.path('secrets')}
    channels:
      - { ident: hp1, channel: cowrie.sessions, sensor: feed }
      - { ident: hp1, channel: binary, sensor: feed, record: message }
  - { kind: syslog, listen: "127.0.0.1:${foreign}", senders: [ { from: 203.0.113.9, sensor: fw } ] }
  - { kind: syslog, listen: "127.0.0.1:${stripped}", strip: header, senders: [ { from: 127.0.0.1, sensor: fw } ] }
  - { kind: sebek, listen: "127.0.0.1:${ports[6]}", senders: [ { from: 127.0.0.1, sensor: kernel } ] }
  - { kind: syslog, transport: tls, listen: "127.0.0.1:${ports[7]}", certificate: ${rig.path('tls.pem')}, key: ${rig.path('tls.key')}, authority: ${rig.path('tls.pem')}, senders: [ { from: 127.0.0.1, sensor: web } ] }
limits: { line_bytes_max: 4KiB, linger_ms: 20 }
`,
      { heartbeat_every_ms: 200 },
    );
    await until(() => running.status().intakes?.every(({ trouble }) => trouble === '') === true);
  });
  after(() => rig.end());

  const of = (sensor: string, text: string) =>
    [...rig.gateway.records.values()].filter((one) => one.sensor === sensor && one.text.includes(text));
  const state = (number: number) => running.status().intakes![number]!;

  it('take datagrams of syslog as they come, marked as unproven', async () => {
    const socket = createSocket('udp4');
    for (let index = 0; index < 300; index += 1) {
      socket.send(`<34>Oct 11 22:14:15 fw su: try ${index}\n second line`, ports[0]!, '127.0.0.1');
      if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until(() => of('fw', 'try').length === 300);
    const records = of('fw', 'try').sort((a, b) => Number(a.place) - Number(b.place));
    assert.equal(records[0]!.text, '<34>Oct 11 22:14:15 fw su: try 0\n second line');
    assert.equal(new Set(records.map(({ place }) => place)).size, 300);
    assert.ok(records.every(({ flags }) => flags === record_flags.unauthenticated));
    assert.equal(
      rig.gateway.headers.find(({ sensor }) => sensor === 'fw')?.runs[0]?.source,
      'syslog/udp/127.0.0.1',
    );
    const long = Buffer.alloc(10_000, 'y');
    socket.send(long, ports[0]!, '127.0.0.1');
    await until(() => of('fw', 'yyyy').length === 1);
    const [cut] = of('fw', 'yyyy');
    assert.equal(cut!.bytes.length, 4096);
    assert.equal(cut!.original_size, 10_000);
    assert.equal(cut!.flags, record_flags.unauthenticated | record_flags.cut);
    socket.close();
  });

  it('give only the message where that is asked for', async () => {
    const socket = createSocket('udp4');
    socket.send('<134>Nov 23 05:00:01 pot cowrie[12]: {"eventid":"stripped"}', ports[5]!, '127.0.0.1');
    await until(() => of('fw', 'stripped').length === 1);
    assert.equal(of('fw', 'stripped')[0]!.text, '{"eventid":"stripped"}');
    socket.close();
  });

  it('count what comes from elsewhere, and take none of it', async () => {
    const socket = createSocket('udp4');
    socket.send('<34>spoofed', ports[4]!, '127.0.0.1');
    await until(() => (state(4).refused.sender_unknown ?? 0) === 1);
    assert.equal(state(4).accepted, 0);
    assert.equal(of('fw', 'spoofed').length, 0);
    await until(() => rig.gateway.beats.at(-1)?.intakes?.[4]?.refused.sender_unknown === 1);
    socket.close();
  });

  it('take syslog over TCP in both framings, from several senders at once', async () => {
    const clients = Array.from({ length: 10 }, () => connect(ports[1]!, '127.0.0.1'));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    for (const [index, client] of clients.entries()) {
      for (let number = 0; number < 200; number += 1) {
        const message = `<34>tcp ${index}-${number};`;
        client.write(index % 2 === 0 ? `${message.length} ${message}` : `${message}\n`);
      }
      client.end();
    }
    await until(() => of('web', 'tcp ').length === 2000);
    assert.equal(new Set(of('web', 'tcp ').map(({ text }) => text)).size, 2000);
    assert.ok(of('web', 'tcp ').every(({ flags }) => flags === record_flags.unauthenticated));
  });

  it('take syslog over TLS, and refuse who does not speak it', async () => {
    const client = connectTls({ port: ports[2]!, host: '127.0.0.1', rejectUnauthorized: false });
    await once(client, 'secureConnect');
    client.end('13 <34>encrypted');
    await until(() => of('web', 'encrypted').length === 1);
    assert.equal(of('web', 'encrypted')[0]!.flags, record_flags.unauthenticated);
    const plain = connect(ports[2]!, '127.0.0.1');
    plain.on('error', () => undefined);
    plain.write('<34>in the clear\n');
    await new Promise((resolve) => plain.on('close', resolve));
    await until(() => state(2).refused.authentication_failed === 1);
    assert.equal(of('web', 'in the clear').length, 0);
  });

  it('ask now and then whether a silent sender is still there', async () => {
    for (const port of ports.slice(1, 4)) {
      const client = connect(port!, '127.0.0.1');
      await once(client, 'connect');
      const hex = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0');
      // The kernel's list: local address, remote address, state, queues, and which timer runs (02: of keep-alive).
      const timerOf = (): string | undefined =>
        readFileSync('/proc/net/tcp', 'latin1')
          .split('\n')
          .map((line) => line.trim().split(/\s+/))
          .find(
            ([, local, remote]) => local?.endsWith(hex(port!)) && remote?.endsWith(hex(client.localPort!)),
          )
          ?.at(5);
      await until(() => timerOf()?.startsWith('02:') === true);
      client.destroy();
    }
  });

  it('take syslog from senders with a certificate as proven, and nothing without one', async () => {
    const options = { port: ports[7]!, host: '127.0.0.1', rejectUnauthorized: false };
    const bare = connectTls(options);
    bare.on('error', () => undefined);
    bare.write('<34>without a certificate\n');
    await new Promise((resolve) => bare.on('close', resolve));
    const cert = readFileSync(rig.path('tls.pem'));
    const client = connectTls({ ...options, cert, key: readFileSync(rig.path('tls.key')) });
    client.end('<34>with a certificate\n');
    await until(() => of('web', 'with a certificate').length === 1);
    assert.equal(of('web', 'with a certificate')[0]!.flags, 0);
    assert.equal(of('web', 'without a certificate').length, 0);
    assert.equal(state(7).refused.authentication_failed, 1);
  });

  it('count what the kernel drops while nobody reads', async () => {
    const before = state(0).accepted;
    const program = `const socket = require('node:dgram').createSocket('udp4');
      let left = 3000;
      const send = () => left-- > 0
        ? socket.send(Buffer.alloc(3000, 'd'), Number(process.argv[1]), '127.0.0.1', send)
        : socket.close();
      send();`;
    // Nothing of this process runs meanwhile, so that the kernel's buffer is all there is.
    execFileSync(process.execPath, ['-e', program, String(ports[0])]);
    await until(() => state(0).accepted - before + (state(0).refused.kernel_dropped ?? 0) === 3000);
    assert.ok((state(0).refused.kernel_dropped ?? 0) > 0);
    await until(() => of('fw', 'ddd').length === state(0).accepted - before);
    const { lines } = showStatus(running.status(), Date.now());
    assert.ok(
      lines.some((line) => /^Intake syslog udp .*: \d+ taken; not taken: kernel_dropped \d+\.$/.test(line)),
    );
  });

  it('take what an ident publishes on its channels, and nothing else', async () => {
    const { socket, told } = await authenticate(ports[3]!, 'hp1', 's3cret');
    socket.write(publish('hp1', 'cowrie.sessions', '{"session":"one"}'));
    socket.write(publish('hp1', 'binary', Buffer.of(0xff, 0xfe)));
    socket.write(publish('hp1', 'elsewhere', 'unknown channel'));
    socket.write(hpfeeds(4, encodeText('hp1'), Buffer.from('cowrie.sessions')));
    await until(() => of('feed', '').length === 2 && told().length > 0);
    assert.deepEqual(
      of('feed', '').map(({ text, flags }) => [text, flags]),
      [
        ['{"session":"one"}', 0],
        ['{"ident":"hp1","channel":"binary","payload":{"$hex":"fffe"}}', 0],
      ],
    );
    await until(() => state(3).refused.subscription === 1);
    assert.equal(state(3).refused.channel_unknown, 1);
    assert.equal(told()[4], 0);
    socket.destroy();
  });

  const folder = 'wild/hpfeeds-2014';
  it('take recorded payloads byte for byte', { skip: missing(folder) }, async () => {
    const payloads = readFileSync(join(recordings, folder, 'honeypot_sample.json'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { payload: string }).payload);
    assert.equal(payloads.length, 50);
    const before = new Set(of('feed', '').map(({ place }) => place));
    const { socket } = await authenticate(ports[3]!, 'hp1', 's3cret');
    // All at once, so that messages are cut anywhere.
    socket.write(Buffer.concat(payloads.map((payload) => publish('hp1', 'cowrie.sessions', payload))));
    const fresh = () => of('feed', '').filter(({ place }) => !before.has(place));
    await until(() => fresh().length === payloads.length);
    const found = fresh().sort((a, b) => Number(a.place) - Number(b.place));
    assert.deepEqual(
      found.map(({ bytes }) => bytes.toString('utf8')),
      payloads.map((payload) => Buffer.from(payload).subarray(0, 4096).toString('utf8')),
    );
    socket.destroy();
  });

  it('end the connections of those who cannot prove themselves or break the protocol', async () => {
    const wrong = await authenticate(ports[3]!, 'hp1', 'guess');
    await until(() => wrong.closed());
    const posing = await authenticate(ports[3]!, 'hp2', 'other');
    posing.socket.write(publish('hp1', 'cowrie.sessions', 'in the name of another'));
    await until(() => posing.closed());
    const huge = await authenticate(ports[3]!, 'hp1', 's3cret');
    huge.socket.write(Buffer.from('ffffffff03', 'hex'));
    await until(() => huge.closed());
    const early = connect(ports[3]!, '127.0.0.1');
    early.on('error', () => undefined);
    await once(early, 'data');
    early.write(publish('hp1', 'cowrie.sessions', 'without a secret'));
    await new Promise((resolve) => early.on('close', resolve));
    assert.equal(state(3).refused.authentication_failed, 3);
    assert.equal(state(3).refused.malformed, 1);
    assert.equal(of('feed', 'in the name').length + of('feed', 'without').length, 0);
  });

  it("take Sebek's datagrams, whatever is in them, one record each", async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const payload = Buffer.from('d0d0d0d00003000000000001', 'hex');
    socket.send(payload, ports[6]!, '127.0.0.1');
    socket.send(Buffer.alloc(0), ports[6]!, '127.0.0.1');
    await until(() => of('kernel', '').length === 2);
    const from_port = socket.address().port;
    assert.deepEqual(
      of('kernel', '').map(({ stream, text, flags }) => [stream, JSON.parse(text), flags]),
      [payload.toString('hex'), ''].map(($hex) => [
        'packets',
        { from: '127.0.0.1', from_port, payload: { $hex } },
        record_flags.unauthenticated,
      ]),
    );
    socket.close();
  });

  it('outlive noise of any kind', async () => {
    for (const port of ports.slice(1, 4)) {
      const clients = Array.from({ length: 80 }, () => connect(port!, '127.0.0.1'));
      for (const client of clients) {
        client.on('error', () => undefined);
        client.write(Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 7919 + port) % 256)));
        setTimeout(() => client.destroy(), 200);
      }
      await Promise.all(clients.map((client) => new Promise((resolve) => client.on('close', resolve))));
    }
    const { socket } = await authenticate(ports[3]!, 'hp1', 's3cret');
    socket.write(publish('hp1', 'cowrie.sessions', '{"session":"after the noise"}'));
    await until(() => of('feed', 'after the noise').length === 1);
    socket.destroy();
    await until(() => Object.values(state(1).refused).length > 0);
  });
});

describe('an intake whose spool is full', { timeout: 60_000 }, () => {
  it('lets TCP wait, drops and counts UDP, and loses nothing that TCP brought', async () => {
    const rig = await Rig.make();
    const [udp, tcp] = (await freePorts(2)) as [number, number];
    rig.gateway.intercept = () => ({
      status: 503,
      value: {
        error: { code: 'journal_full', message: 'full', remedy: '', details: { retry_after_ms: 300 } },
      },
    });
    const running = await rig.start(
      'full',
      `
sensors: [ { name: fw, type: cowrie } ]
intakes:
  - { kind: syslog, listen: "127.0.0.1:${udp}", senders: [ { from: 127.0.0.1, sensor: fw } ] }
  - { kind: syslog, transport: tcp, listen: "127.0.0.1:${tcp}", senders: [ { from: 127.0.0.1, sensor: fw } ] }
spool: { bytes_max: 1MiB }
limits: { line_bytes_max: 4KiB, batch_bytes_max: 512KiB, linger_ms: 20 }
`,
    );
    try {
      const client = connect(tcp, '127.0.0.1');
      await once(client, 'connect');
      const written: string[] = [];
      const noise = (index: number): string => createHash('sha512').update(String(index)).digest('base64');
      for (let index = 0; index < 3000; index += 1) {
        const message = `<34>${index} ${Array.from({ length: 12 }, (_, part) => noise(index * 12 + part)).join('')}`;
        written.push(message);
        client.write(`${message}\n`);
      }
      client.end();
      await until(() => running.status().sensors[0]!.detail.includes('share of the spool is full'));
      const socket = createSocket('udp4');
      // A batch that is sealed smaller than it waited makes room for a moment: until nothing is taken any more.
      let taken = -1;
      await until(async () => {
        const before = taken;
        socket.send('<34>by UDP', udp, '127.0.0.1');
        await new Promise((resolve) => setTimeout(resolve, 300));
        taken = running.status().intakes!.reduce((sum, { accepted }) => sum + accepted, 0);
        return (running.status().intakes![0]!.refused.no_room ?? 0) > 0 && taken === before;
      });
      socket.close();
      // What was read of connections that are gone waits too, and a line that its connection left unended.
      const gone = await Promise.all(
        Array.from({ length: 5 }, async (_, index) => {
          const short = connect(tcp, '127.0.0.1');
          await once(short, 'connect');
          const messages = [0, 1].map((part) => `<34>gone ${index} ${part}`);
          short.end(messages.join('\n'));
          short.resume();
          // Those that have nothing left to be read are closed at once.
          await Promise.race([once(short, 'close'), new Promise((resolve) => setTimeout(resolve, 500))]);
          return messages;
        }),
      );
      written.push(...gone.flat());
      rig.gateway.intercept = () => undefined;
      const byTcp = (): string[] => rig.gateway.texts().filter((text) => text !== '<34>by UDP');
      await until(() => byTcp().length === written.length);
      assert.deepEqual(byTcp().sort(), written.sort());
      const [by_udp] = running.status().intakes!;
      await until(() => rig.gateway.records.size - written.length === by_udp!.accepted);
      assert.equal(running.status().intakes![1]!.refused.no_room, undefined);
    } finally {
      await rig.end();
    }
  });
});
