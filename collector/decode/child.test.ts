/** A child that is asked: whatever it does, who asked gets an answer or a failure, and it is gone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Confined } from './child.ts';
import type { DecoderLimits } from './decoder.ts';

const limits: DecoderLimits = {
  cpu_seconds: 5,
  memory_bytes: 1024 ** 3,
  file_bytes: 0,
  output_bytes: 1024 ** 3,
  silence_ms: 700,
  waiting_ms: 5000,
};
const work = { program: 'capture', does: 'is tried', limits, heap_mib_max: 64 } as const;
const start = (script: string): Confined<unknown> =>
  new Confined({ words: [], program: '/bin/sh' }, work, 10_000, ['-c', script]);

describe('a child that is asked', { timeout: 60_000 }, () => {
  it('answers one question after another, and is not timed between them', async () => {
    const child = start(`while read -r line; do echo '{"answer":'"$line"'}'; done`);
    assert.deepEqual(await child.ask([1]), { answer: [1] });
    await new Promise((resolve) => setTimeout(resolve, limits.silence_ms * 2));
    assert.deepEqual(await child.ask('two'), { answer: 'two' });
    await child.close();
    await assert.rejects(child.ask(3), /the child that is tried: ended/);
  });

  const hostile: [string, string, RegExp][] = [
    ['hangs', 'exec sleep 60', /gave nothing for \d+ ms and was killed/],
    ['aborts', 'read -r line; kill -ABRT $$', /was ended by SIGABRT/],
    ['ends before it answers', 'exit 0', /: ended$/],
    ['says no JSON', 'read -r line; echo hello; exec sleep 60', /JSON/],
    ['says null', 'read -r line; echo null; exec sleep 60', /gave no answer/],
    [
      'gives two answers in one',
      `read -r line; printf '{"answer":1}\\n{"answer":2}\\n'; exec sleep 60`,
      /JSON/,
    ],
    ['never ends its answer', 'exec tr "\\0" x < /dev/zero', /wrote more than 10000 bytes of an answer/],
  ];
  for (const [name, script, told] of hostile)
    it(`is ended and told where it ${name}`, async () => {
      const child = start(script);
      await assert.rejects(child.ask('what?'), told);
      await assert.rejects(child.ask('again?'), told);
      await child.close();
    });

  it('is ended where it goes on when nothing is asked any more', async () => {
    const child = start(
      `read -r line; echo '{"answer":1}'; while :; do sleep 0.1; echo '{"answer":2}'; done`,
    );
    assert.deepEqual(await child.ask(1), { answer: 1 });
    await child.close();
    await assert.rejects(child.ask(2), /went on when nothing was asked any more/);
  });
});
