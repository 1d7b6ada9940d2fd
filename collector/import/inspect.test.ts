import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inspectFile } from './inspect.ts';

test('of what is not read the reason is told, with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-inspect-'));
  const line = '{"eventid":"cowrie.login.failed","username":"root"}\n';
  const tar = Buffer.alloc(1024);
  tar.write('ustar', 257);
  const cases: [Buffer, RegExp | ''][] = [
    [Buffer.from(line), ''],
    [Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)]), /zip archive: unpack it/],
    [Buffer.concat([Buffer.from('377abcaf271c', 'hex'), Buffer.alloc(100)]), /7z archive/],
    [tar, /tar archive under another name/],
    [gzipSync(gzipSync(Buffer.from(line.repeat(9)))), /compressed twice/],
    [Buffer.from(`\ufeff${line}`, 'utf16le'), /UTF-16: convert it/],
    [Buffer.from(line, 'utf16le'), /UTF-16: convert it/],
    [Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\n'), Buffer.alloc(200)]), ''],
  ];
  try {
    for (const [bytes, reason] of cases) {
      const path = join(folder, 'file');
      writeFileSync(path, bytes);
      const { trouble } = await inspectFile({ path, shown: 'file' });
      if (reason === '') assert.equal(trouble, '');
      else assert.match(trouble, reason);
    }
    // The mark that some programs put before a text, and the hole of a log that was cut short under its writer.
    const path = join(folder, 'file');
    writeFileSync(path, '\ufeff-- MySQL dump\nCREATE TABLE `auth` (\n  `id` int\n);\n');
    assert.deepEqual((await inspectFile({ path, shown: 'file' })).tables, ['auth']);
    writeFileSync(path, Buffer.concat([Buffer.alloc(8192), Buffer.from(line.repeat(3))]));
    const { form, head } = await inspectFile({ path, shown: 'file' });
    assert.deepEqual([form, Buffer.from(head[0]!, 'base64').toString()], ['lines', line.trimEnd()]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

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
