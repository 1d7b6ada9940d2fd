/** How the demonstration starts and ends, as its user sees it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Demonstration } from './demonstration.ts';

const demo_main = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
const start = (...args: string[]) =>
  spawnSync(process.execPath, [demo_main, ...args], { encoding: 'utf8', timeout: 60_000 });

test('wrong options are told, and how it is started', () => {
  for (const [args, told] of [
    [['--prot', '1'], /Unknown option '--prot'/],
    [['--port', '99999'], /--port 99999: a port is a number up to 65535/],
    [['--port', ''], /a port is a number/],
    [['elsewhere'], /Unexpected argument 'elsewhere'/],
  ] as const) {
    const { status, stderr } = start(...args);
    assert.equal(status, 2, stderr);
    assert.match(stderr, told);
    assert.match(stderr, /npm start -- \[--data DIR\] \[--port PORT\]/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test('a second one in the same folder is refused, in another it takes another port; Ctrl-C leaves nothing', async () => {
  const first = await Demonstration.start();
  try {
    const refused = start('--data', first.folder);
    assert.equal(refused.status, 1, refused.stderr);
    assert.match(refused.stderr, /runs in .* already: end it with Ctrl-C, or start this one elsewhere/);
    const second = await Demonstration.start(new URL(first.url).port);
    try {
      assert.match(second.output, /Port \d+ is in use, so the pages get another/);
      assert.notEqual(second.url, first.url);
      assert.equal((await fetch(first.url)).status, 200, 'the first one still answers');
    } finally {
      await second.stop();
    }
  } finally {
    const children = [...first.children('engine-process'), ...first.children('apiary-collector.mjs')];
    assert.equal(children.length, 2);
    assert.equal(await first.stop(), 0);
    for (const pid of children) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  }
});
