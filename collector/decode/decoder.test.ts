import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findConfinement } from './confinement.ts';
import { type Decoding, decode } from './decoder.ts';

const limits: Decoding['limits'] = {
  cpu_seconds: 2,
  memory_bytes: 512 * 1024 * 1024,
  file_bytes: 0,
  output_bytes: 1024 * 1024,
  silence_ms: 500,
  waiting_ms: 5000,
};
const nothing = async function* (): AsyncGenerator<Buffer> {};
const run = async (
  script: string,
  more: Partial<Decoding> = {},
): Promise<{ end: Awaited<ReturnType<typeof decode>>; output: string }> => {
  let output = '';
  const end = await decode({
    ...{ program: '/bin/sh', args: ['-c', script], input: nothing(), limits },
    take: (piece) => {
      output += piece.toString();
    },
    ...more,
  });
  return { end, output };
};
const is_root = process.getuid?.() === 0;

describe('decoder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-decoder-'));
  after(() => rmSync(folder, { recursive: true }));

  it('gives the output of a program that got its input by a pipe or by a descriptor', async () => {
    const piped = async function* (): AsyncGenerator<Buffer> {
      for (let i = 0; i < 100; i++) yield Buffer.alloc(10_000, 'x');
    };
    assert.deepEqual(await run('wc -c', { input: piped() }), {
      end: { outcome: 'done', reason: '', output_bytes: 8 },
      output: '1000000\n',
    });
    const path = join(folder, 'secret');
    writeFileSync(path, 'within', { mode: 0o600 });
    const fd = openSync(path, 'r');
    const { output } = await run('cat', { input: fd });
    closeSync(fd);
    assert.equal(output, 'within');
  });

  it('kills one that hangs, also with its output closed', async () => {
    const began = Date.now();
    const { end } = await run('echo before; exec sleep 60');
    assert.equal(end.outcome, 'hung');
    assert.equal((await run('exec >&-; exec sleep 60')).end.outcome, 'failed');
    assert.ok(Date.now() - began < 5000);
  });

  it('kills one that drips for ever', async () => {
    const { end } = await run('while :; do echo x; sleep 0.1; done', {
      limits: { ...limits, waiting_ms: 800 },
    });
    assert.equal(end.outcome, 'hung');
  });

  it('kills one that writes without end, and never keeps what it wrote', async () => {
    let taken = 0;
    const { end } = await run('exec cat /dev/zero', {
      take: (piece) => {
        taken += piece.length;
      },
    });
    assert.equal(end.outcome, 'too_much');
    assert.ok(taken <= limits.output_bytes);
  });

  it('tells of one that aborts, that fails, and that is not there', async () => {
    const aborted = await run('echo part; kill -ABRT $$');
    assert.equal(aborted.output, 'part\n');
    assert.deepEqual([aborted.end.outcome, aborted.end.reason], ['failed', 'was ended by SIGABRT']);
    assert.match((await run('echo why >&2; exit 3')).end.reason, /^ended with 3: why$/);
    assert.equal((await run('', { program: '/nowhere/decoder' })).end.outcome, 'failed');
  });

  it('limits CPU time and memory', async () => {
    const busy = await run('while :; do :; done', {
      limits: { ...limits, cpu_seconds: 1, silence_ms: 30_000, waiting_ms: 60_000 },
    });
    assert.match(busy.end.reason, /SIGKILL|SIGXCPU/);
    const hungry = await run("head -c 400000000 /dev/zero | tr '\\0' x | tail -n 1 | wc -c", {
      limits: { ...limits, memory_bytes: 64 * 1024 * 1024, silence_ms: 30_000, waiting_ms: 60_000 },
    });
    assert.ok(Number(hungry.output) < 400_000_000 || hungry.end.outcome === 'failed');
  });

  it('limits the files that it may write', async () => {
    const path = join(tmpdir(), `apiary-decoder-file-${process.pid}`);
    const write = `head -c 5000 /dev/zero > ${path}; s=$?; wc -c < ${path}; rm ${path}; exit $s`;
    assert.notEqual((await run(write)).end.outcome, 'done');
    assert.equal((await run(write, { limits: { ...limits, file_bytes: 8192 } })).output, '5000\n');
  });

  it('throws what its taker throws, and leaves no process behind', async () => {
    let pid = 0;
    await assert.rejects(
      run('echo $$; exec sleep 60', {
        take: (piece) => {
          pid = Number(piece.toString());
          throw new Error('full');
        },
      }),
      /full/,
    );
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });

  it('takes its rights away', { skip: is_root ? false : 'needs root' }, async () => {
    const { output } = await run(
      'id -u; id -G; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status; cat /proc/net/dev | tail -n +3 | grep -cv lo:; cat /proc/net/route | wc -l; nice',
    );
    const lines = output.split('\n');
    assert.deepEqual(lines.slice(0, 2), ['65534', '65534']);
    assert.match(output, /CapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1\n0\n/);
    assert.equal(lines.at(-2), '5');
  });

  it('says what this host does not offer', () => {
    assert.match(findConfinement(false).weakness, /as the user of the collector/);
  });
});
