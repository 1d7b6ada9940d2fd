import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { FramedStream } from '@apiary/model/submodule.ts';
import { missing, recordings } from '../../tests/recording.ts';
import { seededRandom } from '../../tests/rig/random.ts';
import { packetOf, pcap, pcapng, port } from '../testing/captures.ts';
import { KeepingSink } from '../testing/keeping-sink.ts';
import { CaptureFramer } from './capture.ts';
import { FramedReader, type FramedRecord, type Framer } from './framed.ts';
import { ReadBuffers, type Sink } from './reader.ts';
import { XmlFramer } from './xml-elements.ts';

/** All records of a file that comes in pieces; each time what is not used comes again. */
function frameAll(framer: Framer, file: Buffer, piece: number): { records: FramedRecord[]; trouble: string } {
  const records: FramedRecord[] = [];
  let offset = 0;
  for (let end = piece; ; end += piece) {
    const part = framer.frame(file.subarray(offset, end), offset);
    records.push(...part.records.map((record) => ({ ...record, bytes: Buffer.from(record.bytes) })));
    if (part.trouble !== undefined) return { records, trouble: part.trouble };
    assert.ok(part.used >= 0);
    offset += part.used;
    if (end >= file.length) return { records, trouble: '' };
  }
}

describe('packets of captures', () => {
  const keys = ['l', 's', '\n'].map((key) => packetOf(Buffer.from(key)));
  const expected = ['6c', '73', '0a'].map(($hex, index) => ({
    ...{ captured_us: (1_112_000_000 + index) * 1e6, from: '198.51.100.7', from_port: 40_000 },
    ...{ to: '198.51.100.1', to_port: port, payload: { $hex } },
  }));
  const show = (records: FramedRecord[]): unknown[] =>
    records.map(({ bytes }) => JSON.parse(bytes.toString()));
  const plus = (us: number) => expected.map((one) => ({ ...one, captured_us: one.captured_us + us }));

  for (const [name, file, records] of [
    ['little-endian pcap', pcap(keys), plus(250_000)],
    ['big-endian pcap', pcap(keys, false), plus(250_000)],
    ['pcap of nanoseconds', pcap(keys, true, 0xa1b23c4d), plus(250)],
    ['pcapng of microseconds', pcapng(keys, 6), expected],
    ['pcapng of nanoseconds', pcapng(keys, 9), expected],
  ] as const) {
    it(`are found in ${name}, in pieces of any size`, () => {
      for (const piece of [1, 7, 100, file.length]) {
        const found = frameAll(new CaptureFramer(port), file, piece);
        assert.equal(found.trouble, '');
        assert.deepEqual(show(found.records), records);
      }
    });
  }

  it('are found behind VLAN tags and on the wanted port only, and say where they are cut', () => {
    const file = pcap([
      packetOf(Buffer.from('a'), { vlan: true }),
      packetOf(Buffer.from('b'), { to_port: 53 }),
      packetOf(Buffer.from('c'), { more: 9 }),
      Buffer.alloc(60),
      Buffer.alloc(0),
    ]);
    const { records } = frameAll(new CaptureFramer(port), file, 1000);
    assert.deepEqual(
      records.map(({ bytes, is_cut }) => [JSON.parse(bytes.toString()).payload.$hex, is_cut]),
      [
        ['61', false],
        ['63', true],
      ],
    );
  });

  it('end where a length lies', () => {
    const file = pcap(keys);
    file.writeUInt32LE(0xf0000000, 24 + 8);
    assert.match(frameAll(new CaptureFramer(port), file, file.length).trouble, /announces 4026531840 bytes/);
    assert.match(
      frameAll(new CaptureFramer(port), Buffer.alloc(100, 'x'), 100).trouble,
      /neither pcap nor pcapng/,
    );
  });

  it('never throw and never run on, whatever the bytes', () => {
    const random = seededRandom(11);
    for (const sound of [pcap(keys), pcapng(keys, 6)])
      for (let round = 0; round < 5000; round += 1) {
        const file = Buffer.from(sound);
        for (let hits = 0; hits < 3; hits += 1)
          file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
        const { records } = frameAll(new CaptureFramer(port), file, 1 + Math.floor(random() * 300));
        assert.ok(records.length < 100);
      }
  });

  const folder = 'wild/sebek/SYNTHETIC_by_scout';
  it('of a recording are all there', { skip: missing(folder) }, () => {
    const file = readFileSync(join(recordings, folder, 'sebek_synthetic_v2_v3.pcap'));
    // Counted by the packet headers alone.
    let count = 0;
    for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8)) count += 1;
    assert.equal(count, 33);
    assert.equal(frameAll(new CaptureFramer(port), file, 200).records.length, count);
  });
});

describe('elements of XML', () => {
  const name = 'IDMEF-Message';
  const texts = (file: string, piece: number, max = 100_000): string[] =>
    frameAll(new XmlFramer(name, max), Buffer.from(file), piece).records.map(({ bytes, place, is_cut }) => {
      if (!is_cut) assert.equal(file.slice(place, place + bytes.length), bytes.toString());
      return bytes.toString() + (is_cut ? '[cut]' : '');
    });

  it('are found byte for byte, with any prefix, in pieces of any size', () => {
    const one = '<idmef:IDMEF-Message version="1.0" note="a > b">\r\n<x/></idmef:IDMEF-Message >';
    const two =
      "<IDMEF-Message a='</IDMEF-Message>'><![CDATA[</IDMEF-Message>]]><!-- </IDMEF-Message> --></IDMEF-Message>";
    const three = '<i:IDMEF-Message/>';
    const file = `<?xml version="1.0"?><IDMEF-Messages><!-- <IDMEF-Message/> -->${one}\n${two}text < more ${three}</IDMEF-Messages>`;
    for (const piece of [1, 3, 50, file.length]) assert.deepEqual(texts(file, piece), [one, two, three]);
  });

  it('wait for their end', () => {
    assert.deepEqual(texts('<IDMEF-Message><Alert>', 5), []);
    assert.deepEqual(texts('<IDMEF-Messages><IDMEF-MessageX></IDMEF-MessageX>', 5), []);
  });

  it('over the limit are cut, and what follows is found', () => {
    const long = `<IDMEF-Message>${'<y>z</y>'.repeat(100_000)}</IDMEF-Message>`;
    const file = `${long}<IDMEF-Message>next</IDMEF-Message>`;
    const framer = new XmlFramer(name, 1000);
    const { records } = frameAll(framer, Buffer.from(file), 70_000);
    assert.deepEqual(
      records.map(({ place, original_size, is_cut, bytes }) => [place, original_size, is_cut, bytes.length]),
      [
        [0, long.length, true, 1000],
        [long.length, 35, false, 35],
      ],
    );
  });

  it('take little time and hold little, whatever the bytes', () => {
    const began_ms = performance.now();
    for (const part of [
      '<',
      '<!--',
      '<![CDATA[',
      '<IDMEF-Message ',
      '<a b="',
      '<?',
      '<IDMEF-Message>',
      '</IDMEF-Message>',
    ]) {
      const file = Buffer.from(part.repeat(400_000 / part.length));
      const framer = new XmlFramer(name, 10_000);
      let offset = 0;
      for (let looks = 0; looks < 1000; looks += 1) {
        const { used } = framer.frame(file.subarray(offset, offset + 200_000), offset);
        if (used === 0) break;
        offset += used;
      }
      assert.ok(file.length - offset <= 200_000, part);
    }
    assert.ok(performance.now() - began_ms < 20_000);
  });

  const folder = 'wild/idea-idmef/CSIRT-MU__IDEA-IDMEF-Converter/src/Converter/ExternalData/InputData';
  for (const [file, count] of [
    ['rfc4765-examples.xml', 10],
    ['mid-level-phase-4.xml', 19],
  ] as const)
    it(`of ${file} are all there`, { skip: missing(folder) }, () => {
      const bytes = readFileSync(join(recordings, folder, file));
      const { records } = frameAll(new XmlFramer(name, 1e6), bytes, 1000);
      assert.equal(records.length, count);
      for (const record of records)
        assert.match(record.bytes.toString(), /^<(idmef:)?IDMEF-Message\s.*<\/(idmef:)?IDMEF-Message>$/s);
    });
});

describe('reader of framed files', () => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-framed-'));
  after(() => rmSync(root, { recursive: true }));
  const source: FramedStream = {
    ...{ kind: 'framed', stream: 'messages', usual_paths: [], form: { kind: 'xml', element: 'M' } },
  };
  const path = join(root, 'alerts.xml');
  const openReader = (sink: Sink): FramedReader =>
    new FramedReader(sink, new ReadBuffers(300_000), {
      ...{ source, patterns: [path, `${path}.1`], record_bytes_max: 1000, look_ms: 0, idle_ms: 0 },
    });

  it('follows a file that grows, through a restart and a rotation, and sends nothing twice', async () => {
    const sink = new KeepingSink();
    let reader = openReader(sink);
    await reader.poll();
    assert.match(reader.status().trouble, /not there yet/);
    writeFileSync(path, '<log><M>1</M><M>2');
    await reader.poll();
    assert.deepEqual([...sink.records.values()], ['<M>1</M>']);
    appendFileSync(path, '</M>');
    await reader.poll();
    await reader.stop();
    reader = openReader(sink);
    appendFileSync(path, '<M>3</M>');
    await reader.poll();
    assert.deepEqual([...sink.records.values()], ['<M>1</M>', '<M>2</M>', '<M>3</M>']);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '<M>other</M>');
    await reader.poll();
    assert.equal(sink.received, 4);
    // A shorter file in its place is another life.
    writeFileSync(path, '<M>x</M>');
    await reader.poll();
    assert.equal(sink.received, 5);
    assert.equal(new Set([...sink.records.keys()].map((key) => key.split(' ')[0])).size, 3);
    assert.ok(existsSync(`${path}.1`));
    // So is a longer one under the same number, as copying and cutting leaves it.
    writeFileSync(path, '<M>y</M><M>and more than before</M>');
    await reader.poll();
    assert.deepEqual([...sink.records.values()].slice(-2), ['<M>y</M>', '<M>and more than before</M>']);
    await reader.stop();
    // What was read whole before it was written over is no loss, now or at the next start.
    reader = openReader(sink);
    await reader.poll();
    await reader.stop();
    assert.deepEqual(sink.gaps, []);
    assert.equal(Object.keys(sink.checkpoint).length, 2);
  });

  it('tells what was not read of a file that goes', async () => {
    const sink = new KeepingSink();
    writeFileSync(path, '<M>1</M>');
    const reader = openReader(sink);
    await reader.poll();
    // Nothing is read while the spool has no room.
    sink.room = 0;
    appendFileSync(path, '<M>2</M>');
    await reader.poll();
    rmSync(path);
    rmSync(`${path}.1`, { force: true });
    await reader.poll();
    await reader.stop();
    assert.deepEqual(
      sink.gaps.map(({ from, to, reason }) => [from, to, reason]),
      [['8', '16', 'rotated_away']],
    );
    assert.deepEqual(sink.checkpoint, {});
  });

  it('tells of a file that went while nothing ran here, but not of one that was read and had a follower', async () => {
    const sink = new KeepingSink();
    writeFileSync(`${path}.1`, '<M>old</M>');
    utimesSync(`${path}.1`, 1_700_000_000, 1_700_000_000);
    writeFileSync(path, '<M>1</M>');
    let reader = openReader(sink);
    await reader.poll();
    await reader.stop();
    assert.equal(Object.keys(sink.checkpoint).length, 2);
    reader = openReader(sink);
    await reader.poll();
    await reader.stop();
    assert.deepEqual([sink.received, sink.gaps], [2, []]);
    appendFileSync(path, '<M>2</M>');
    rmSync(path);
    rmSync(`${path}.1`);
    writeFileSync(path, '<M>next</M>');
    reader = openReader(sink);
    await reader.poll();
    await reader.stop();
    assert.deepEqual(
      sink.gaps.map(({ source: at, from, to, reason }) => [at, from, to, reason]),
      [[path, '8', '', 'rotated_away']],
    );
    assert.deepEqual(
      Object.values(sink.checkpoint).map((life) => (life as { offset: number }).offset),
      ['<M>next</M>'.length],
    );
  });
});
