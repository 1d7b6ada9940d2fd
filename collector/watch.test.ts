import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findMissing } from './watch.ts';

describe('the watch for a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-watch-'));
  const started: ChildProcess[] = [];
  after(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const start = async (program: string, ...words: string[]): Promise<void> => {
    const child = spawn(program, words, { stdio: 'ignore' });
    started.push(child);
    await once(child, 'spawn');
  };

  it('is not content with one that only has the name among its arguments', async () => {
    await start('tail', '-f', '/dev/null', 'apiary-honeypot-1');
    assert.equal(findMissing({ process: 'apiary-honeypot-1' }), 'no process apiary-honeypot-1');
    assert.equal(findMissing({ process: 'tail' }), '');
  });

  it('finds the script that an interpreter runs, and what twistd runs', async () => {
    const script = join(folder, 'apiary-honeypot-2');
    const twistd = join(folder, 'twistd');
    for (const path of [script, twistd]) writeFileSync(path, 'sleep 60; true\n');
    await start('sh', script);
    await start('sh', twistd, '--nodaemon', '-l', '-', 'apiary-honeypot-3');
    assert.equal(findMissing({ process: 'apiary-honeypot-2' }), '');
    assert.equal(findMissing({ process: 'apiary-honeypot-3' }), '');
  });
});
