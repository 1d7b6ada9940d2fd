import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openBody, type Run, readHeader } from '@apiary/model/batch.ts';
import { holdDisk } from '../../tests/rig/held-disk.ts';
import { until } from '../testing/until.ts';
import type { Chain } from './chain.ts';
import { Spool, type SpoolOptions } from './spool.ts';

describe('spool', () => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-spool-'));
  let number = 0;
  const open_spools = new Set<Spool>();
  before(() => assert.equal(readdirSync(root).length, 0));
  after(async () => {
    for (const spool of open_spools) await spool.stop();
    rmSync(root, { recursive: true });
  });

  const openSpool = (folder: string, options: Partial<SpoolOptions> = {}): Spool => {
    const spool = new Spool({
      ...{ folder, bytes_max: 8 * 1024 * 1024, keep_acknowledged_hours: 48, batch_bytes_max: 256 * 1024 },
      ...{ records_max: 1000, linger_ms: 20, sensors: [{ name: 's1' }, { name: 's2' }] },
      ...options,
    });
    open_spools.add(spool);
    return spool;
  };
  const close = async (spool: Spool): Promise<void> => {
    open_spools.delete(spool);
    await spool.stop();
  };

  /** Appends one line at `offset` with the checkpoint behind it; gives the offset behind it. */
  const put = async (spool: Spool, sensor: string, offset: number, text: string): Promise<number> => {
    const bytes = Buffer.from(`${text}\n`);
    const run: Run = {
      ...{ stream: 'json', source: '/log', generation: '0123456789abcdef', kind: 'lines' },
      ...{ first: String(offset), next: String(offset + bytes.length), records: 1, bytes: bytes.length },
    };
    const chain = spool.chains.get(sensor)!;
    assert.ok(await chain.append(run, bytes, { offset: offset + bytes.length }));
    return offset + bytes.length;
  };

  const readTexts = (spool: Spool, sensor: string): (string | undefined)[] => {
    const chain = spool.chains.get(sensor)!;
    return Array.from({ length: chain.last_seq }, (_, index) => {
      const { batch } = chain.read(index + 1);
      if (batch === undefined) return undefined;
      const { header, body_offset } = readHeader(batch);
      return openBody(batch, header, body_offset).toString();
    });
  };
  const segmentPaths = (folder: string, sensor: string): string[] => {
    const at = join(folder, sensor);
    const chain = readdirSync(at, { withFileTypes: true }).find((entry) => entry.isDirectory())!.name;
    return readdirSync(join(at, chain)).map((name) => join(at, chain, name));
  };

  /** Three sealed batches of one line each. */
  const fill = async (folder: string): Promise<void> => {
    const spool = openSpool(folder);
    let offset = 0;
    for (const text of ['one', 'two', 'three']) {
      offset = await put(spool, 's1', offset, text);
      await spool.chains.get('s1')!.seal();
    }
    await close(spool);
  };

  it('seals what came while a batch was being written, though its time came during that too', async () => {
    const spool = openSpool(join(root, `${number++}`));
    const chain = spool.chains.get('s1')!;
    const { store } = chain;
    const write = store.append.bind(store);
    let writing = 0;
    // A disk that takes several times as long as records may linger.
    store.append = async (...args) => {
      writing += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return write(...args);
    };
    const offset = await put(spool, 's1', 0, 'one');
    await until(() => writing === 1);
    await put(spool, 's1', offset, 'two');
    // Nothing more is appended: what waits must be sealed by itself.
    await until(() => chain.last_seq === 2, 5000);
    assert.deepEqual(readTexts(spool, 's1'), ['one\n', 'two\n']);
    await close(spool);
  });

  it('gives back batches, chain and checkpoint after a restart', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    const spool = openSpool(folder);
    const chain = spool.chains.get('s1')!;
    assert.deepEqual(readTexts(spool, 's1'), ['one\n', 'two\n', 'three\n']);
    assert.deepEqual(chain.checkpoint, { offset: 14 });
    assert.equal(chain.counts.read, 3);
    assert.equal(chain.waiting_records, 3);
    await put(spool, 's1', 14, 'four');
    await chain.seal();
    const [third, fourth] = [3, 4].map((seq) => readHeader(chain.read(seq).batch!).header);
    assert.equal(third!.seq, 3);
    assert.equal(fourth!.seq, 4);
    assert.notEqual(fourth!.prev, '');
    assert.notEqual(fourth!.prev, third!.prev);
    await close(spool);
  });

  it('keeps what readers note though no record comes behind it, until a batch carries it', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    const reopened = async (work: (chain: Chain, spool: Spool) => Promise<void>): Promise<void> => {
      const spool = openSpool(folder);
      await work(spool.chains.get('s1')!, spool);
      await close(spool);
    };
    // What is in the file, as after a crash: nobody says that the spool ends.
    const spool = openSpool(folder);
    spool.chains.get('s1')!.note({ other: 'seen', offset: null });
    const acked = join(folder, 's1', 'acked.json');
    await until(() => readFileSync(acked, 'utf8').includes('seen'));
    const crashed = join(root, String(++number));
    cpSync(folder, crashed, { recursive: true });
    await close(spool);
    const after_crash = openSpool(crashed);
    assert.deepEqual(after_crash.chains.get('s1')!.checkpoint, { other: 'seen' });
    await close(after_crash);
    await reopened(async (chain, spool) => {
      assert.deepEqual(chain.checkpoint, { other: 'seen' });
      await put(spool, 's1', 14, 'four');
      await chain.seal();
      chain.note({ other: null });
    });
    await reopened(async (chain) => {
      assert.deepEqual(chain.checkpoint, { offset: 19 });
      assert.equal(chain.last_seq, 4);
    });
    // Stale: it was noted before the last batch, which knows better.
    const stale = JSON.parse(readFileSync(acked, 'utf8'));
    writeFileSync(acked, JSON.stringify({ ...stale, noted: { after: 3, state: { other: 'old' } } }));
    await reopened(async (chain) => assert.deepEqual(chain.checkpoint, { offset: 19, other: 'seen' }));
  });

  it('finds a chain that was made anew also where its name was torn', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    const spool = openSpool(folder);
    await spool.chains.get('s1')!.rechain();
    const { spool_id } = spool.chains.get('s1')!;
    await close(spool);
    for (const torn of ['', '{"spool_id":"01', undefined]) {
      const named = join(folder, 's1', 'chain.json');
      if (torn === undefined) unlinkSync(named);
      else writeFileSync(named, torn);
      const again = openSpool(folder);
      assert.equal(again.chains.get('s1')!.spool_id, spool_id);
      assert.deepEqual(readTexts(again, 's1'), ['one\n', 'two\n', 'three\n']);
      await close(again);
    }
  });

  it('keeps the header within its limit, however long the names of sources are', async () => {
    const spool = openSpool(join(root, String(++number)));
    const chain = spool.chains.get('s1')!;
    // As JSON each of these names has six bytes a character.
    const nameOf = (index: number): string => `/${'\u0001'.repeat(4080)}${index}`;
    for (let index = 0; index < 40; index++) {
      const bytes = Buffer.from('x\n');
      const run: Run = {
        ...{ stream: 'json', source: nameOf(index), generation: '0123456789abcdef', kind: 'lines' },
        ...{ first: '0', next: '2', records: 1, bytes: bytes.length },
      };
      assert.ok(await chain.append(run, bytes, {}));
      const { stream, source, generation } = run;
      const gap = { stream, source, generation, from: '0', to: '', noticed_ms: 1 };
      assert.ok(await chain.appendGap({ ...gap, reason: 'unreadable' }, {}));
    }
    await chain.seal();
    const headers = Array.from(
      { length: chain.last_seq },
      (_, index) => readHeader(chain.read(index + 1).batch!).header,
    );
    const sources = headers.flatMap(({ runs }) => runs.map(({ source }) => source));
    assert.deepEqual(
      sources,
      Array.from({ length: 40 }, (_, index) => nameOf(index)),
    );
    assert.equal(headers.flatMap(({ gaps }) => gaps).length, 40);
    assert.ok(headers.length < 20);
    await close(spool);
  });

  it('cuts a torn last entry off at every length, and its checkpoint with it', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    const [path] = segmentPaths(folder, 's1');
    const whole = readFileSync(path!);
    const third_at = whole.lastIndexOf('APE1');
    for (const length of [third_at + 1, third_at + 31, third_at + 40, whole.length - 1]) {
      writeFileSync(path!, whole.subarray(0, length));
      const spool = openSpool(folder);
      assert.deepEqual(readTexts(spool, 's1'), ['one\n', 'two\n'], `torn at ${length}`);
      assert.deepEqual(spool.chains.get('s1')!.checkpoint, { offset: 8 });
      assert.equal(statSync(path!).size, third_at);
      await close(spool);
    }
    writeFileSync(path!, Buffer.concat([whole, Buffer.alloc(5000)]));
    const spool = openSpool(folder);
    assert.equal(spool.chains.get('s1')!.last_seq, 3);
    await close(spool);
  });

  it('steps over damage in the middle and still knows what was there', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    const [path] = segmentPaths(folder, 's1');
    const whole = readFileSync(path!);
    const second_at = whole.indexOf('APE1', 10);
    const third_at = whole.lastIndexOf('APE1');
    const in_batch = Buffer.from(whole);
    in_batch[third_at - 3]! ^= 0xff;
    writeFileSync(path!, in_batch);
    let spool = openSpool(folder);
    assert.deepEqual(readTexts(spool, 's1'), ['one\n', undefined, 'three\n']);
    assert.deepEqual(spool.chains.get('s1')!.read(2).held, [
      { stream: 'json', source: '/log', generation: '0123456789abcdef', first: '4', next: '8' },
    ]);
    await close(spool);
    const in_head = Buffer.from(whole);
    in_head[second_at + 5]! ^= 0xff;
    writeFileSync(path!, in_head);
    spool = openSpool(folder);
    assert.deepEqual(readTexts(spool, 's1'), ['one\n', undefined, 'three\n']);
    assert.deepEqual(spool.chains.get('s1')!.checkpoint, { offset: 14 });
    await close(spool);
  });

  it('begins another chain when entries that were acknowledged are gone', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    let spool = openSpool(folder);
    const id = spool.chains.get('s1')!.spool_id;
    spool.chains.get('s1')!.acknowledge(3);
    await close(spool);
    const [path] = segmentPaths(folder, 's1');
    truncateSync(path!, statSync(path!).size - 1);
    spool = openSpool(folder);
    assert.notEqual(spool.chains.get('s1')!.spool_id, id);
    assert.equal(spool.chains.get('s1')!.last_seq, 0);
    assert.deepEqual(spool.chains.get('s1')!.checkpoint, { offset: 8 });
    await close(spool);
  });

  it('tells a full disk, loses nothing and goes on when there is room again', async () => {
    const folder = join(root, String(++number));
    const spool = openSpool(folder);
    const chain = spool.chains.get('s1')!;
    const segment = join(folder, 's1', chain.spool_id, '000000000001.seg');
    symlinkSync('/dev/full', segment);
    const end = await put(spool, 's1', 0, 'one');
    await until(() => spool.troubles.has('s1'));
    assert.match(spool.troubles.get('s1')!, /ENOSPC|no space/);
    await put(spool, 's1', end, 'two');
    unlinkSync(segment);
    writeFileSync(segment, '');
    await until(() => !spool.troubles.has('s1') && chain.last_seq >= 2);
    assert.equal(readTexts(spool, 's1').join(''), 'one\ntwo\n');
    await close(spool);
    const again = openSpool(folder);
    assert.equal(readTexts(again, 's1').join(''), 'one\ntwo\n');
    assert.deepEqual(again.chains.get('s1')!.checkpoint, { offset: 8 });
    await close(again);
  });

  it('keeps what was acknowledged until room or time runs out, and never drops what was not', async () => {
    const folder = join(root, String(++number));
    const spool = openSpool(folder, { bytes_max: 1024 * 1024 });
    const chain = spool.chains.get('s1')!;
    let offset = 0;
    const noise = (): string => Array.from({ length: 2000 }, () => Math.random().toString(36)).join('');
    for (let i = 0; i < 120; i++) {
      offset = await put(spool, 's1', offset, noise());
      await chain.seal();
      if (chain.last_seq > 10) chain.acknowledge(chain.last_seq - 10);
      assert.ok(spool.bytes <= 1024 * 1024, `${spool.bytes} bytes`);
    }
    assert.ok(chain.store.oldest_seq > 1, 'the oldest were dropped for room');
    assert.ok(chain.store.oldest_seq <= 111);
    for (let seq = 111; seq <= 120; seq++) assert.ok(chain.read(seq).batch, `batch ${seq} is there`);
    spool.dropOld(Date.now() + 47 * 3_600_000);
    assert.ok(chain.store.oldest_seq < 105, 'younger than 48 hours stay');
    spool.dropOld(Date.now() + 49 * 3_600_000);
    assert.ok(chain.store.oldest_seq > 100);
    for (let seq = 111; seq <= 120; seq++) assert.ok(chain.read(seq).batch, `batch ${seq} is there`);
    await close(spool);
  });

  const incompressible = (bytes: number): string => randomBytes(bytes).toString('base64').slice(0, bytes);

  it('goes on when the segment that is never dropped leaves no room for the next batch', async () => {
    const folder = join(root, String(++number));
    const bytes_max = 768 * 1024;
    const options = { bytes_max, batch_bytes_max: 512 * 1024, sensors: [{ name: 's1' }] };
    let spool = openSpool(folder, options);
    const chain = spool.chains.get('s1')!;
    let offset = 0;
    // The second lies in the first one's segment, which is not full yet, and fills the spool with it.
    const texts = [120, 500, 500, 500].map((kibibytes) => incompressible(kibibytes * 1024));
    for (const [index, text] of texts.entries()) {
      offset = await put(spool, 's1', offset, text);
      if (index === 2) await assert.rejects(chain.seal(), /used up; the source waits/);
      chain.acknowledge(chain.last_seq);
      await chain.seal();
      assert.equal(chain.last_seq, index + 1);
      assert.ok(spool.bytes <= bytes_max, `${spool.bytes} bytes`);
    }
    await close(spool);
    spool = openSpool(folder, options);
    assert.deepEqual(spool.chains.get('s1')!.checkpoint, { offset });
    assert.equal(readTexts(spool, 's1').at(-1), `${texts.at(-1)}\n`);
    await close(spool);
  });

  it('can be chained anew while it is full, and leaves nothing behind where the disk is', async () => {
    const folder = join(root, String(++number));
    const options = { bytes_max: 768 * 1024, batch_bytes_max: 512 * 1024, sensors: [{ name: 's1' }] };
    const spool = openSpool(folder, options);
    const chain = spool.chains.get('s1')!;
    const texts = [500, 480].map((kibibytes) => incompressible(kibibytes * 1024));
    let offset = 0;
    for (const text of texts) {
      offset = await put(spool, 's1', offset, text);
      await chain.seal();
    }
    const { spool_id } = chain;
    await chain.rechain();
    assert.notEqual(chain.spool_id, spool_id);
    assert.equal(readTexts(spool, 's1').join(''), `${texts.join('\n')}\n`);
    assert.equal(readdirSync(join(folder, 's1')).filter((name) => !name.endsWith('.json')).length, 1);
    await close(spool);
  });

  it('tells what was damaged as a gap also where it is chained anew', async () => {
    const folder = join(root, String(++number));
    await fill(folder);
    const [path] = segmentPaths(folder, 's1');
    const bytes = readFileSync(path!);
    bytes[bytes.lastIndexOf('APE1') - 3]! ^= 0xff;
    writeFileSync(path!, bytes);
    const spool = openSpool(folder);
    const chain = spool.chains.get('s1')!;
    await chain.rechain();
    await chain.seal();
    const last = chain.read(chain.last_seq).batch!;
    assert.deepEqual(
      readHeader(last).header.gaps.map(({ from, to, reason }) => ({ from, to, reason })),
      [{ from: '4', to: '8', reason: 'spool_lost' }],
    );
    assert.deepEqual(
      readTexts(spool, 's1').filter((text) => text !== ''),
      ['one\n', 'three\n'],
    );
    assert.equal(chain.counts.lost, 1);
    assert.equal(chain.waiting_records, 2);
    await close(spool);
  });

  it('calls nothing durable before the disk has it', async (t) => {
    const spool = openSpool(join(root, String(++number)));
    const chain = spool.chains.get('s1')!;
    const disk = await holdDisk(t);
    let is_durable = false;
    const bytes = Buffer.from('one\n');
    const run: Run = {
      ...{ stream: 'json', source: '/log', generation: '0123456789abcdef', kind: 'lines' },
      ...{ first: '0', next: '4', records: 1, bytes: 4 },
    };
    await chain.append(run, bytes, {}, () => {
      is_durable = true;
    });
    await until(() => disk.asked() === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([is_durable, chain.last_seq], [false, 0]);
    disk.letGo();
    await until(() => is_durable);
    assert.equal(chain.last_seq, 1);
    await close(spool);
  });
});
