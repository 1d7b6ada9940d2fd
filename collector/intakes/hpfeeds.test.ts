import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { record_flags } from '@apiary/model/batch.ts';
import { freePorts } from '../../tests/rig/ports.ts';
import { RowSink } from '../testing/row-sink.ts';
import { until } from '../testing/until.ts';
import { FrameWriter } from './frame-writer.ts';
import { HpfeedsIntake } from './hpfeeds.ts';

const frame = (operation: number, ...parts: Buffer[]): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(5 + Buffer.concat(parts).length);
  head[4] = operation;
  return Buffer.concat([head, ...parts]);
};
const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);

describe('a broker of hpfeeds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-hpfeeds-'));
  const sink = new RowSink();
  let intake: HpfeedsIntake;
  let port: number;
  before(async () => {
    [port] = (await freePorts(1)) as [number];
    writeFileSync(join(folder, 'secrets'), 'hp1 s3cret\n');
    const writer = new FrameWriter(sink, { stream: 'json', record_bytes_max: 4096 });
    intake = new HpfeedsIntake(
      {
        ...{ kind: 'hpfeeds', host: '127.0.0.1', port, secrets: join(folder, 'secrets') },
        channels: [{ ident: 'hp1', channel: 'binary', route: { sensor: 's', stream: 'json' }, wraps: false }],
        allow: [{ address: '127.0.0.0', prefix: 8 }],
      },
      () => writer,
      4096,
    );
    intake.start();
  });
  after(async () => {
    await intake.stop();
    rmSync(folder, { recursive: true });
  });

  async function enter(): Promise<{ socket: Socket; nonce: Buffer }> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const [info] = (await once(socket, 'data')) as [Buffer];
    return { socket, nonce: info.subarray(6 + info[5]!) };
  }
  const sign = (nonce: Buffer): Buffer =>
    frame(2, text('hp1'), createHash('sha1').update(nonce).update('s3cret').digest());

  it('lets go of who has not proven itself within ten seconds, and of nobody else', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const silent = await enter();
    const known = await enter();
    known.socket.write(sign(known.nonce));
    // An answer means that the proof before it was read.
    known.socket.write(frame(4, text('hp1'), Buffer.from('any')));
    await once(known.socket, 'data');
    const isClosed = (socket: Socket) => socket.closed;
    t.mock.timers.tick(9_999);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      [silent, known].map(({ socket }) => isClosed(socket)),
      [false, false],
    );
    const gone = once(silent.socket, 'close');
    t.mock.timers.tick(1);
    await gone;
    assert.equal(intake.state().refused.authentication_failed, 1);
    assert.equal(isClosed(known.socket), false);
    known.socket.destroy();
  });

  it('cuts what is too long, says so, and reads on behind it', async () => {
    const { socket, nonce } = await enter();
    socket.write(sign(nonce));
    const publish = (payload: Buffer): Buffer => frame(3, text('hp1'), text('binary'), payload);
    // A sample of malware as Dionaea publishes it.
    const sample = Buffer.alloc(3 * 1024 * 1024, 'M');
    socket.write(
      Buffer.concat([publish(Buffer.from('before')), publish(sample), publish(Buffer.from('behind'))]),
    );
    await until(() => sink.sent.length === 3);
    assert.deepEqual(
      sink.sent.map(({ text: taken, flags }) => [taken, flags & record_flags.cut]),
      [
        ['before', 0],
        ['M'.repeat(4096), record_flags.cut],
        ['behind', 0],
      ],
    );
    assert.equal(intake.state().accepted, 3);
    assert.equal(intake.state().refused.malformed, undefined);
    socket.destroy();
  });

  it('knows an ident that is written into the file of secrets later', async () => {
    const count = (reason: 'subscription' | 'authentication_failed'): number =>
      intake.state().refused[reason] ?? 0;
    const known = async (): Promise<boolean> => {
      const { socket, nonce } = await enter();
      const [asked, failed] = [count('subscription'), count('authentication_failed')];
      socket.write(frame(2, text('hp2'), createHash('sha1').update(nonce).update('later').digest()));
      // Who is known is told that nobody may subscribe.
      socket.write(frame(4, text('hp2'), Buffer.from('any')));
      await until(() => count('subscription') + count('authentication_failed') > asked + failed);
      socket.destroy();
      return count('subscription') > asked;
    };
    assert.equal(await known(), false);
    writeFileSync(join(folder, 'secrets'), 'hp1 s3cret\nhp2 later\n');
    assert.equal(await known(), true);
    // Who takes the file away takes nobody's leave, and is told.
    rmSync(join(folder, 'secrets'));
    assert.equal(await known(), true);
    assert.match(intake.state().trouble, /ENOENT/);
    writeFileSync(join(folder, 'secrets'), 'hp1 s3cret\n');
    assert.equal(await known(), false);
    assert.equal(intake.state().trouble, '');
  });

  it('lets go of who never reads what it is told', async () => {
    const { socket, nonce } = await enter();
    socket.pause();
    socket.write(sign(nonce));
    const question = frame(4, text('hp1'), Buffer.from('any'));
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => question));
    const asking = setInterval(() => socket.write(many), 5);
    await until(() => intake.state().refused.too_slow === 1, 60_000);
    clearInterval(asking);
    socket.destroy();
  });
});
