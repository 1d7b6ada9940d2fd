import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inspectFile } from './inspect.ts';

test('the form of a file is that of its beginning, whatever an attacker wrote into it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-inspect-'));
  const line = '2026-11-23 05:00:00+0000 [-] login attempt [root/a] failed\n';
  const cases: [string, Buffer, string][] = [
    ['a log', Buffer.from(line.repeat(20)), 'lines'],
    ['a NUL in a password', Buffer.from(`${line.replace('/a', '/nul\0byte')}${line.repeat(9)}`), 'lines'],
    ['a log that is packed', gzipSync(Buffer.from(`${line.replace('/a', '/\0')}${line.repeat(9)}`)), 'lines'],
    ['Latin-1', Buffer.from(line.replace('/a', '/\xfc'), 'latin1'), 'lines'],
    ['UTF-16', Buffer.from(line.repeat(20), 'utf16le'), 'bytes'],
    ['a program', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\n'), Buffer.alloc(200)]), 'bytes'],
    ['bytes without lines', Buffer.alloc(300, 0xff), 'bytes'],
    ['nothing', Buffer.alloc(0), 'empty'],
  ];
  try {
    for (const [shown, bytes, form] of cases) {
      const path = join(folder, 'file');
      writeFileSync(path, bytes);
      assert.equal((await inspectFile({ path, shown })).form, form, shown);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
