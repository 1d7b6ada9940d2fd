/** Captures that lie in their attacker's container: a child reads them, and all is as it is outside a container. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FramedStream } from '@apiary/model/submodule.ts';
import { build } from 'esbuild';
import { inside_code } from '../build.ts';
import { packetOf, pcap, pcapng, port } from '../testing/captures.ts';
import { findConfinedChild } from '../testing/confined-child.ts';
import { KeepingSink } from '../testing/keeping-sink.ts';
import { ChildFramer, checkAnswer } from './capture-child.ts';
import { answerFrame, type FrameAnswer } from './capture-inside.ts';
import { FramedReader } from './framed.ts';
import { findLineFiles, openLineFile } from './line-files.ts';
import { ReadBuffers } from './reader.ts';

const source: FramedStream = {
  ...{ kind: 'framed', stream: 'packets', usual_paths: [], form: { kind: 'capture', udp_port: port } },
};
const is_root = process.getuid?.() === 0;
const buffer_bytes = 300_000;
const keys = (...texts: string[]): Buffer[] => texts.map((text) => packetOf(Buffer.from(text)));

interface Place {
  folder: string;
  srv: string;
  path: string;
  /** Of the host: the same bytes, read in this process. */
  near: string;
}

function make(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-capture-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const srv = join(folder, 'rootfs', 'srv');
  mkdirSync(srv, { recursive: true });
  return { folder, srv, path: join(srv, 'd.pcap'), near: join(folder, 'near.pcap') };
}

const open = (sink: KeepingSink, path: string): FramedReader =>
  new FramedReader(sink, new ReadBuffers(buffer_bytes), {
    ...{ source, patterns: [path], record_bytes_max: 65_536, look_ms: 0 },
  });

/** Looks until so many records are there; between the starts of two children there are pauses. */
async function readUntil(reader: FramedReader, sink: KeepingSink, records: number): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    await reader.poll();
    if (sink.records.size >= records) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function look(path: string): Promise<{ sink: KeepingSink; trouble: string }> {
  const sink = new KeepingSink();
  const reader = open(sink, path);
  await reader.poll();
  await reader.stop();
  return { sink, trouble: reader.status().trouble };
}

describe('a capture of a container', { timeout: 120_000 }, () => {
  it('gives the records, places and lives that it gives outside one, as it grows, is read on and is replaced', async (t) => {
    const place = make(t);
    const both = [place.path, place.near].map((path) => ({ path, sink: new KeepingSink() }));
    let readers = both.map(({ path, sink }) => open(sink, path));
    const compare = async (records: number): Promise<void> => {
      for (const [index, reader] of readers.entries()) {
        await readUntil(reader, both[index]!.sink, records);
        assert.equal(reader.status().trouble, '');
      }
      const [hostile, near] = both.map(({ sink }) => sink);
      assert.equal(near!.records.size, records);
      assert.deepEqual([...hostile!.records], [...near!.records]);
      // Each life says where it was read, which is where they differ.
      const lives = both.map(({ path, sink }) => JSON.stringify(sink.checkpoint).replaceAll(path, 'PATH'));
      assert.equal(lives[0], lives[1]);
      // Nothing was sent a second time.
      assert.equal(hostile!.received, records);
    };
    const all = pcap([...keys('l', 's', '\n'), Buffer.alloc(400_000), ...keys('i', 'd')]);
    const write = (bytes: Buffer): void => {
      for (const { path } of both) writeFileSync(path, bytes);
    };
    const append = (bytes: Buffer): void => {
      for (const { path } of both) appendFileSync(path, bytes);
    };
    write(all.subarray(0, 100));
    await compare(1);
    append(all.subarray(100, 300));
    await compare(3);
    for (const reader of readers) await reader.stop();
    readers = both.map(({ path, sink }) => open(sink, path));
    append(all.subarray(300));
    await compare(5);
    // A shorter one in its place, of another form.
    write(pcapng(keys('x'), 9));
    await compare(6);
    for (const reader of readers) await reader.stop();
  });

  it('keeps its access times', async (t) => {
    const place = make(t);
    writeFileSync(place.path, pcap(keys('a')));
    for (const path of [place.path, place.srv]) utimesSync(path, 1e9, 1.5e9);
    assert.equal((await look(place.path)).sink.records.size, 1);
    assert.deepEqual([statSync(place.path).atimeMs, statSync(place.srv).atimeMs], [1e12, 1e12]);
  });

  it('leads by no link to a file of the host, and blocks at no FIFO', async (t) => {
    const place = make(t);
    const secrets = join(place.folder, 'host');
    mkdirSync(secrets);
    writeFileSync(join(secrets, 'd.pcap'), pcap(keys('secret')));
    symlinkSync(join(secrets, 'd.pcap'), place.path);
    for (const pattern of [place.path, join(place.srv, '*.pcap')])
      assert.equal((await look(pattern)).sink.records.size, 0);
    rmSync(place.path);
    execFileSync('mkfifo', [place.path]);
    assert.match((await look(place.path)).trouble, /not there yet/);
    renameSync(place.srv, `${place.srv}-aside`);
    symlinkSync(secrets, place.srv);
    assert.equal((await look(place.path)).sink.records.size, 0);
  });

  it('that is swapped between look and open is not opened, whatever is there then', (t) => {
    const place = make(t);
    writeFileSync(place.path, pcap(keys('a')));
    writeFileSync(place.near, pcap(keys('secret')));
    const [found] = findLineFiles([place.path]);
    const fd = openLineFile(found!);
    assert.ok(fd !== undefined);
    closeSync(fd);
    renameSync(place.path, `${place.path}-aside`);
    assert.equal(openLineFile(found!), undefined);
    symlinkSync(place.near, place.path);
    assert.equal(openLineFile(found!), undefined);
    rmSync(place.path);
    writeFileSync(place.path, pcap(keys('b')));
    assert.equal(openLineFile(found!), undefined);
  });

  it('that has a hole of any size keeps no other from being read', async (t) => {
    const place = make(t);
    writeFileSync(place.path, pcap(keys('a')));
    truncateSync(place.path, 1e12);
    writeFileSync(join(place.srv, 'e.pcap'), pcap(keys('b')));
    utimesSync(place.path, 1, 1);
    const sink = new KeepingSink();
    const reader = open(sink, join(place.srv, '*.pcap'));
    await reader.poll();
    await reader.stop();
    assert.deepEqual(
      [...sink.records.values()].map((text) => JSON.parse(text).payload.$hex),
      ['61', '62'],
    );
  });

  it('is read by a child that has no rights and no network', { skip: !is_root }, async (t) => {
    const place = make(t);
    writeFileSync(place.path, pcap(keys('a')));
    const sink = new KeepingSink();
    let child: ReturnType<typeof findConfinedChild>;
    sink.onRun = () => {
      child ??= findConfinedChild();
    };
    const reader = open(sink, place.path);
    await reader.poll();
    assert.equal(sink.records.size, 1);
    assert.ok(child !== undefined, 'there is a child');
    assert.match(child.status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    assert.match(child.status, /^CapEff:\t0+$/m);
    assert.match(child.status, /^NoNewPrivs:\t1$/m);
    assert.notEqual(child.net, readlinkSync('/proc/self/ns/net'));
    assert.equal(findConfinedChild(), undefined);
    await reader.stop();
  });

  it('may kill its child: that is told, others are read, and a later look goes on', {
    skip: !is_root,
  }, async (t) => {
    const place = make(t);
    // More than one part: the child is killed after the first.
    const many = Array.from({ length: 4 }, (_, index) => [...keys(`${index}`), Buffer.alloc(200_000)]).flat();
    writeFileSync(place.path, pcap(many));
    writeFileSync(join(place.srv, 'e.pcap'), pcap(keys('other')));
    utimesSync(place.path, 1, 1);
    const sink = new KeepingSink();
    const killed: number[] = [];
    sink.onRun = () => {
      const child = killed.length === 0 ? findConfinedChild() : undefined;
      if (child === undefined) return;
      killed.push(child.pid);
      process.kill(child.pid, 'SIGKILL');
    };
    const reader = open(sink, join(place.srv, '*.pcap'));
    await reader.poll();
    assert.equal(killed.length, 1);
    assert.match(reader.status().trouble, /d\.pcap: the child that reads the capture: /);
    assert.ok([...sink.records.values()].some((text) => text.includes(Buffer.from('other').toString('hex'))));
    for (let tries = 0; reader.status().trouble !== '' && tries < 400; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await reader.poll();
    }
    assert.deepEqual([sink.records.size, sink.received], [5, 5]);
    await reader.stop();
  });

  it('is read by the same child in the built collector', async () => {
    const { outputFiles } = await build({
      ...{ entryPoints: [fileURLToPath(new URL('../decode/inside-code.ts', import.meta.url))], write: false },
      ...{ bundle: true, platform: 'node', format: 'esm', plugins: [inside_code] },
    });
    const built = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
    const question = {
      ...{ bytes: pcap(keys('a')).toString('base64'), base: 0, udp_port: port, state: null },
    };
    const [told] = execFileSync(process.execPath, built.insideArguments('capture'), {
      input: `${JSON.stringify(question)}\n`,
      encoding: 'utf8',
    }).split('\n');
    assert.equal(JSON.parse(JSON.parse(told!).answer.records[0].text).payload.$hex, '61');
  });
});

describe('a child that a capture took over', () => {
  const bytes = pcap(keys('a', 'b'));
  const honest = answerFrame({ bytes: bytes.toString('base64'), base: 100, udp_port: port, state: null });
  const [first, second] = honest.records;

  it('is believed where it is honest', () => {
    assert.deepEqual(
      honest.records.map(({ place }) => place),
      [124, 124 + 16 + packetOf(Buffer.from('a')).length],
    );
    assert.deepEqual(checkAnswer(structuredClone(honest), bytes.length, 100), honest);
  });

  const state = honest.state as Record<string, unknown>;
  const lies: [string, unknown, RegExp][] = [
    ['nothing', null, /no true answer/],
    ['no records', { ...honest, records: {} }, /no true answer/],
    ['a place before the bytes', { ...honest, records: [{ ...first, place: 99 }] }, /a record at 99/],
    ['a place behind them', { ...honest, records: [{ ...first, place: 100 + bytes.length }] }, /a record at/],
    ['a place that is no number', { ...honest, records: [{ ...first, place: '124' }] }, /a record at 124/],
    ['one place twice', { ...honest, records: [first, first] }, /a record at 124/],
    ['an order that is none', { ...honest, records: [second, first] }, /a record at 124/],
    ['records of what it did not use', { ...honest, used: 0 }, /a record at 124/],
    ['a text that is none', { ...honest, records: [{ ...first, text: 7 }] }, /no true record/],
    ['a size below zero', { ...honest, records: [{ ...first, original_size: -1 }] }, /no true record/],
    ['more used than can be passed over', { ...honest, used: 1e12 }, /a place that is not in the file/],
    ['less than nothing', { ...honest, used: -1 }, /a place that is not in the file/],
    ['a state of its own', { ...honest, state: { ...state, more: 'x'.repeat(1000) } }, /no true answer/],
    [
      'ticks of nothing',
      { ...honest, state: { ...state, interfaces: [{ link: 1, ticks: '0' }] } },
      /no true/,
    ],
  ];
  for (const [name, answer, told] of lies)
    it(`is not believed where it gives ${name}`, () => {
      assert.throws(() => checkAnswer(answer, bytes.length, 100), told);
    });

  it('cannot keep its reader asking for the same bytes', () => {
    const idle: FrameAnswer = { ...honest, records: [], used: 0 };
    assert.throws(() => checkAnswer(idle, 1_000_000, 0), /nothing of what is there/);
    assert.equal(checkAnswer(idle, 200_000, 0).used, 0);
  });

  it('fails its file by an error, and keeps the state of before', async () => {
    const framer = new ChildFramer(port, state, async () => ({ error: 'no memory' }));
    await assert.rejects(framer.frame(bytes, 0), /the child that reads the capture: no memory/);
    assert.equal(framer.state, state);
  });
});
