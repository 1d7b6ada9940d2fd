import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { ArtifactSpool } from '../spool/artifacts.ts';
import { packetOf, pcap } from '../testing/captures.ts';
import { CaptureProbe } from './capture.ts';
import { type CapturedFile, CaptureFiles } from './capture-files.ts';

function make(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-cut-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'captures');
}

const packets = Array.from({ length: 20 }, (_, index) => packetOf(Buffer.alloc(10 + index * 7, index)));
const stream = pcap(packets);
const head = stream.subarray(0, 24);
/** One second apart, as `pcap` has them. */
const second = (index: number): bigint => BigInt(1_112_000_000 + index) * 1_000_000n + 250_000n;

describe('a stream of packets', () => {
  it('is cut between packets, however it comes, and no byte of it is lost', async (t) => {
    for (const piece of [1, 7, 100, 1000, stream.length]) {
      const folder = `${make(t)}-${piece}`;
      const dropped: CapturedFile[] = [];
      const files = new CaptureFiles(folder, { file_bytes_max: 700, files_max: 100 }, (one) =>
        dropped.push(one),
      );
      await files.begin();
      for (let at = 0; at < stream.length; at += piece) await files.write(stream.subarray(at, at + piece));
      await files.finish();
      assert.deepEqual(dropped, []);
      const bodies: Buffer[] = [];
      let first = 0;
      for (let file = files.next(); file !== undefined; file = files.next()) {
        const bytes = readFileSync(file.path);
        assert.deepEqual(bytes.subarray(0, 24), head);
        assert.equal(file.size, bytes.length);
        assert.ok(bytes.length <= 700);
        assert.deepEqual([file.began_us, file.ended_us], [second(first), second(first + file.packets - 1)]);
        first += file.packets;
        bodies.push(bytes.subarray(24));
        files.remove(file);
      }
      assert.equal(first, packets.length);
      assert.deepEqual(Buffer.concat([head, ...bodies]), stream);
      assert.deepEqual(readdirSync(folder), []);
    }
  });

  it('is refused where it is no pcap, or a packet announces more than there can be', async (t) => {
    const files = new CaptureFiles(make(t), { file_bytes_max: 1000, files_max: 4 }, () => undefined);
    await files.begin();
    await assert.rejects(files.write(Buffer.alloc(100, 'x')), /no pcap/);
    const lying = Buffer.from(stream);
    lying.writeUInt32LE(0xf0000000, 24 + 8);
    await files.begin();
    await assert.rejects(files.write(lying), /announced a packet of 4026531840 bytes/);
  });

  it('says what was lost with the file that is finished next, or where there is none with the last', async (t) => {
    const folder = make(t);
    const files = new CaptureFiles(folder, { file_bytes_max: 1e6, files_max: 9 }, () => undefined);
    await files.begin();
    files.lost = 3;
    await files.write(stream);
    await files.finish();
    files.lost = 4;
    await files.finish();
    assert.deepEqual([files.lost, files.next()?.lost], [0, 7]);
    // The next life reads it from the name.
    const later = new CaptureFiles(folder, { file_bytes_max: 1e6, files_max: 9 }, () => undefined);
    assert.deepEqual([later.next()?.packets, later.next()?.lost], [packets.length, 7]);
  });

  it('whose clock is set back gives no file twice', async (t) => {
    const folder = make(t);
    const files = new CaptureFiles(folder, { file_bytes_max: 1e6, files_max: 10 }, () => undefined);
    for (let life = 0; life < 3; life += 1) {
      await files.begin();
      await files.write(stream);
    }
    await files.finish();
    assert.equal(readdirSync(folder).length, 3);
  });

  it('keeps what an earlier life left, half written or whole, within the limit', async (t) => {
    const folder = make(t);
    mkdirSync(folder);
    for (const [name, bytes] of [
      ['4000.part', stream.subarray(0, 500)],
      ['5000.part', head],
      ['3000-3500-7-2.pcap', stream],
      ['1000-1500-7-0.pcap', stream],
      ['2000-2500-7-0.pcap', stream],
      ['something-else', stream],
    ] as const)
      writeFileSync(join(folder, name), bytes);
    const dropped: bigint[] = [];
    const files = new CaptureFiles(folder, { file_bytes_max: 1e6, files_max: 4 }, (one) =>
      dropped.push(one.began_us),
    );
    assert.deepEqual(dropped, [1000n]);
    const found: [bigint, number, number][] = [];
    for (let file = files.next(); file !== undefined; file = files.next()) {
      found.push([file.began_us, file.packets, file.lost]);
      files.remove(file);
    }
    assert.deepEqual(found, [
      [2000n, 7, 0],
      [3000n, 7, 2],
      [4000n, 0, 0],
    ]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is on the disk until the artifact and its record are durable', async (t) => {
    const folder = make(t);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '1000-1500-20-0.pcap'), stream);
    const spool = new ArtifactSpool(join(folder, '..', 'spool'), 1e6, ['net']);
    const options = {
      ...{ settings: { file_bytes_max: 1e6, files_max: 4, hour_bytes_max: 1e6 }, sensor: 'net' },
      ...{ work_folder: join(folder, '..'), spool, bytes_max: 1e6 },
    };
    const probe = new CaptureProbe(options);
    const [reading] = await probe.take(undefined);
    assert.deepEqual(
      [reading!.kind, reading!.packets, spool.has(String(reading!.sha256))],
      ['capture', 20, true],
    );
    assert.deepEqual(await probe.take(undefined), []);
    assert.equal(readdirSync(folder).length, 1);
    // The collector was ended before the record was durable: it is told again.
    const again = await new CaptureProbe(options).take(undefined);
    assert.deepEqual(
      again.map(({ sha256 }) => sha256),
      [reading!.sha256],
    );
    probe.settle();
    assert.deepEqual(readdirSync(folder), []);
  });
});
