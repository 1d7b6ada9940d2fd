import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Gap, type Run, visitRun } from '@apiary/model/batch.ts';
import type { FileStream } from '@apiary/model/submodule.ts';
import { ArtifactSpool } from '../spool/artifacts.ts';
import type { Checkpoint } from '../spool/segment.ts';
import { until } from '../testing/until.ts';
import { ArtifactReader, type ArtifactReaderOptions } from './artifact.ts';
import { openFile, scanPattern } from './artifact-files.ts';
import { placeOf } from './artifact-take.ts';
import type { Sink } from './reader.ts';

const source: FileStream = {
  ...{ kind: 'files', stream: 'downloads', usual_paths: [], holds: 'download' },
  ...{ belongs_by: 'sha256', quiet_seconds: 0 },
};

class RecordSink implements Sink {
  checkpoint: Checkpoint = {};
  room = 1e9;
  records: { place: string; record: Record<string, unknown> }[] = [];
  cut = 0;

  append(run: Run, bytes: Buffer, _state: Checkpoint, on_durable?: () => void): Promise<boolean> {
    visitRun(run, bytes, 0, (place, _flags, _size, start, end) => {
      assert.ok(BigInt(place) >= BigInt(run.first) && BigInt(place) < BigInt(run.next));
      this.records.push({ place: String(place), record: JSON.parse(bytes.toString('utf8', start, end)) });
    });
    on_durable?.();
    return Promise.resolve(true);
  }

  appendGap(_gap: Gap): Promise<boolean> {
    return Promise.resolve(true);
  }

  note(): void {}

  countCut(): void {
    this.cut += 1;
  }
}

const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('reader of whole files', () => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-files-'));
  let number = 0;
  after(() => rmSync(root, { recursive: true }));

  const make = (options: Partial<ArtifactReaderOptions> = {}, spool_bytes = 1e8) => {
    const at = join(root, String(++number));
    const files = join(at, 'files');
    mkdirSync(files, { recursive: true });
    const sink = new RecordSink();
    const openReader = (): { reader: ArtifactReader; spool: ArtifactSpool } => {
      const spool = new ArtifactSpool(join(at, 'artifacts'), spool_bytes, ['s1']);
      const reader = new ArtifactReader(sink, {
        ...{ source, sensor: 's1', patterns: [join(files, '*')], work_folder: join(at, 'work'), spool },
        ...{ bytes_max: 1024, takes_hard_links: false, look_ms: 0, ...options },
      });
      return { reader, spool };
    };
    const kept = (): string[] => readdirSync(join(at, 'artifacts', 'waiting', 's1')).sort();
    return { at, files, sink, openReader, kept, ...openReader() };
  };

  it('takes a file as a record and its bytes, once, also after a restart', async () => {
    const { files, sink, reader, spool, openReader, kept, at } = make();
    writeFileSync(join(files, 'bot'), 'malware');
    await reader.poll();
    await reader.poll();
    assert.equal(sink.records.length, 1);
    const { place, record } = sink.records[0]!;
    const { mtime, ...rest } = record;
    assert.deepEqual(rest, {
      ...{ path: join(files, 'bot'), kind: 'download', sha256: hashOf('malware') },
      ...{ size: 7, size_taken: 7, cut: false },
    });
    assert.match(String(mtime), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(place, String(placeOf(join(files, 'bot'), hashOf('malware'))));
    assert.deepEqual(kept(), [hashOf('malware')]);
    assert.equal(statSync(join(at, 'artifacts/waiting/s1', kept()[0]!)).mode & 0o777, 0o600);
    await reader.stop();
    spool.settle(spool.next(() => false)!);
    assert.deepEqual(kept(), []);
    const again = openReader();
    await again.reader.poll();
    assert.equal(sink.records.length, 1);
    await again.reader.stop();
    // Without its memory it reads the file again: the same record at the same place, and no bytes to send.
    rmSync(join(at, 'work'), { recursive: true });
    const forgetful = openReader();
    await forgetful.reader.poll();
    assert.deepEqual(sink.records[1], sink.records[0]);
    assert.deepEqual(kept(), []);
    await forgetful.reader.stop();
  });

  it('waits until a file is quiet, and takes what it becomes later as another record', async () => {
    const { files, sink, reader } = make({ quiet_ms: 300 });
    const path = join(files, 'growing');
    writeFileSync(path, 'one');
    await reader.poll();
    assert.equal(sink.records.length, 0);
    // A time set to the past does not make it quiet: the inode's own time cannot be set.
    utimesSync(path, 1, 1);
    await reader.poll();
    assert.equal(sink.records.length, 0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await reader.poll();
    assert.deepEqual(
      sink.records.map(({ record }) => record.sha256),
      [hashOf('one')],
    );
    appendFileSync(path, 'two');
    await new Promise((resolve) => setTimeout(resolve, 400));
    await reader.poll();
    await new Promise((resolve) => setTimeout(resolve, 400));
    await reader.poll();
    assert.deepEqual(
      sink.records.map(({ record }) => record.sha256),
      [hashOf('one'), hashOf('onetwo')],
    );
    await reader.stop();
  });

  it('cuts at the limit and says so, with the hash of the whole where it can be read', async () => {
    const { files, sink, reader, kept } = make();
    const long = Buffer.alloc(5000, 'x');
    writeFileSync(join(files, 'long'), long);
    // A file of 4 TB without a block on the disk.
    writeFileSync(join(files, 'sparse'), '');
    truncateSync(join(files, 'sparse'), 4 * 1024 ** 4);
    await reader.poll();
    const found = Object.fromEntries(
      sink.records.map(({ record }) => [String(record.path).split('/').at(-1), record]),
    );
    const zeros = hashOf(Buffer.alloc(1024));
    assert.partialDeepStrictEqual(found, {
      long: {
        ...{ sha256: hashOf(long), taken_sha256: hashOf(long.subarray(0, 1024)) },
        ...{ size: 5000, size_taken: 1024, cut: true },
      },
      sparse: { sha256: zeros, size: 4 * 1024 ** 4, size_taken: 1024, cut: true },
    });
    assert.equal(found.sparse!.taken_sha256, undefined);
    assert.deepEqual(kept(), [hashOf(long.subarray(0, 1024)), zeros].sort());
    assert.equal(sink.cut, 2);
    await reader.stop();
  });

  it('neither follows links nor blocks on what is no file', { timeout: 20_000 }, async () => {
    const { at, files, sink, reader } = make({ patterns: [] });
    const secret = join(at, 'secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'shadow'), 'of the host');
    mkdirSync(join(files, 'day'));
    writeFileSync(join(files, 'day', 'stream'), 'seen');
    symlinkSync(join(secret, 'shadow'), join(files, 'day', 'link'));
    symlinkSync(secret, join(files, 'folder-link'));
    execFileSync('mkfifo', [join(files, 'day', 'fifo')]);
    linkSync(join(secret, 'shadow'), join(files, 'day', 'hard'));
    const again = new ArtifactReader(sink, {
      ...{ source, sensor: 's1', patterns: [join(files, '*', '*')], work_folder: join(at, 'work2') },
      ...{ spool: new ArtifactSpool(join(at, 'artifacts2'), 1e6, ['s1']), bytes_max: 1024 },
      ...{ takes_hard_links: false, look_ms: 0 },
    });
    await again.poll();
    assert.deepEqual(
      sink.records.map(({ record }) => record.path),
      [join(files, 'day', 'stream')],
    );
    assert.match(again.status().trouble, /hard: has more than one name/);
    await again.stop();
    await reader.stop();
  });

  it('is not led astray while folders are swapped for links all the time', { timeout: 90_000 }, async (t) => {
    const { at, files, reader } = make({ patterns: [] });
    await reader.stop();
    const secret = join(at, 'secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'stream'), 'of the host');
    mkdirSync(join(files, 'day'));
    writeFileSync(join(files, 'day', 'stream'), 'of the honeypot');
    const program = `const fs = require('node:fs');
      const [day, aside, secret] = process.argv.slice(1);
      for (let swaps = 0; ; swaps += 1) {
        fs.renameSync(day, aside); fs.symlinkSync(secret, day);
        fs.unlinkSync(day); fs.renameSync(aside, day);
        if (swaps === 1000) fs.writeSync(1, 'swapping');
      }`;
    const child = spawn(
      process.execPath,
      ['-e', program, join(files, 'day'), join(files, '.aside'), secret],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    let seen = 0;
    const scan = (): void =>
      scanPattern(join(files, '*', '*'), {
        trouble: assert.fail,
        visit: (path, name, folder_fd) => {
          const opened = openFile(folder_fd, name, path);
          if (opened !== undefined) {
            assert.equal(readFileSync(opened.fd, 'utf8'), 'of the honeypot');
            closeSync(opened.fd);
            seen += 1;
          }
          return true;
        },
      });
    await until(() => {
      for (let look = 0; look < 100; look += 1) scan();
      return seen >= 50;
    });
  });

  it('keeps names that are control characters or no UTF-8', async () => {
    const { files, sink, reader } = make();
    writeFileSync(join(files, 'a\n\u001b[2J"'), 'one');
    writeFileSync(Buffer.concat([Buffer.from(`${files}/`), Buffer.of(0xff, 0xfe)]), 'two');
    writeFileSync(join(files, 'žltý'), 'three');
    await reader.poll();
    const named = new Map(sink.records.map(({ record }) => [record.sha256, record.path]));
    assert.equal(named.get(hashOf('one')), join(files, 'a\n\u001b[2J"'));
    assert.deepEqual(named.get(hashOf('two')), {
      $hex: Buffer.concat([Buffer.from(`${files}/`), Buffer.of(0xff, 0xfe)]).toString('hex'),
    });
    assert.equal(named.get(hashOf('three')), join(files, 'žltý'));
    await reader.stop();
  });

  it('lets files wait while the spool is full, and goes on when there is room', async () => {
    const { files, sink, reader, spool } = make({}, 25);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(files, name), name.repeat(10));
    await reader.poll();
    assert.equal(sink.records.length, 2);
    assert.equal(reader.status().is_waiting, true);
    spool.settle(spool.next(() => false)!);
    await until(async () => {
      await reader.poll();
      return sink.records.length === 3;
    });
    assert.equal(reader.status().is_waiting, false);
    await reader.stop();
  });

  it('leaves each sensor its share of the spool', async () => {
    const spool = new ArtifactSpool(join(root, 'shares'), 100, ['s1', 's2']);
    const keep = async (sensor: string, text: string): Promise<void> => {
      const incoming = await spool.begin();
      await incoming.write(Buffer.from(text));
      await spool.keep(sensor, hashOf(text), incoming);
    };
    await keep('s1', 'x'.repeat(40));
    assert.equal(spool.hasRoom('s1', 10), true);
    assert.equal(spool.hasRoom('s1', 11), false);
    // A sensor that has nothing there may bring one file that is larger than its share.
    assert.equal(spool.hasRoom('s2', 60), true);
    assert.equal(spool.hasRoom('s2', 61), false);
    spool.settle(spool.next(() => false)!);
    assert.equal(spool.hasRoom('s1', 60), true);
  });

  it('takes ten thousand files of one folder', { timeout: 120_000 }, async () => {
    const { files, sink, reader, spool } = make();
    for (let index = 0; index < 10_000; index += 1) writeFileSync(join(files, `f${index}`), `n${index % 50}`);
    const began_ms = performance.now();
    await reader.poll();
    assert.equal(new Set(sink.records.map(({ place }) => place)).size, 10_000);
    assert.equal(spool.waiting, 50);
    assert.ok(performance.now() - began_ms < 60_000);
    await reader.stop();
    assert.equal(
      (JSON.parse(readFileSync(join(files, '../work/files-downloads.json'), 'utf8')) as []).length,
      10_000,
    );
  });
});
