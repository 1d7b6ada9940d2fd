import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { examineApart } from './examination.ts';
import { entropyOf, findStrings } from './examine.ts';
import { tellType } from './file-type.ts';
import { lockInZip } from './locked-zip.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-examine-'));

describe('examining a file', { timeout: 60_000 }, () => {
  after(() => rmSync(root, { recursive: true }));

  test('tells what it is by its first bytes', () => {
    const own = Buffer.alloc(4096);
    readSync(openSync(process.execPath, 'r'), own, 0, own.length, 0);
    assert.match(
      tellType(own),
      /^ELF (?:executable|shared object), 64 bit, (?:x86-64|ARM 64), little endian$/,
    );
    // A Mirai for big-endian MIPS begins so: class 32, data big, executable, machine 8.
    const mips = Buffer.from('7f454c4601020100000000000000000000020008', 'hex');
    assert.equal(tellType(mips), 'ELF executable, 32 bit, MIPS, big endian');
    assert.equal(tellType(Buffer.from('7f454c46', 'hex')), 'ELF, cut short');
    const windows = Buffer.alloc(256);
    windows.write('MZ');
    windows.writeUInt32LE(128, 60);
    windows.write('PE\0\0', 128, 'latin1');
    windows.writeUInt16LE(0x8664, 132);
    assert.equal(tellType(windows), 'Windows executable, x86-64');
    windows.writeUInt32LE(0xfffffff0, 60);
    assert.equal(tellType(windows), 'DOS executable');
    for (const [text, type] of [
      ['', 'empty'],
      ['#!/bin/sh\nwget x\n', 'script for /bin/sh'],
      ['#!/usr/bin/env python3\n', 'script for python3'],
      ['<?php system($_GET[0]);', 'PHP script'],
      ['hello\n', 'text'],
      ['\x00\x01\x02 data', 'data'],
    ] as const)
      assert.equal(tellType(Buffer.from(text, 'latin1')), type, text);
  });

  test('entropy is nothing for one byte again and again, and eight bits for all of them alike', () => {
    assert.equal(entropyOf(Buffer.alloc(1000, 7)), 0);
    assert.equal(entropyOf(Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256))), 8);
    assert.equal(entropyOf(Buffer.from('abababab')), 1);
    assert.equal(entropyOf(Buffer.alloc(0)), 0);
  });

  test('strings of one byte and of two are found, and there is an end to them', () => {
    const wide = Buffer.from('http://203.0.113.9/', 'utf16le');
    const bytes = Buffer.concat([Buffer.from('\x00\x01/proc/self/exe\x00ab\x01'), wide, Buffer.from([0, 1])]);
    assert.deepEqual(findStrings(bytes).strings, ['/proc/self/exe', 'http://203.0.113.9/']);
    const many = findStrings(Buffer.from('a string\0'.repeat(600)));
    assert.deepEqual([many.strings.length, many.is_cut], [500, true]);
    assert.equal(findStrings(Buffer.alloc(100_000, 'x')).strings[0]!.length, 300);
  });

  test('what archives hold is listed, without unpacking anything', async () => {
    const folder = join(root, 'kit');
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', 'miner'), 'x'.repeat(1234));
    symlinkSync('/etc/passwd', join(folder, 'link'));
    const path = join(root, 'kit.tgz');
    await create({ gzip: true, file: path, cwd: root }, ['kit']);
    const content = await examineApart(readFileSync(path));
    assert.equal(content.type, 'gzip');
    assert.deepEqual(
      content.entries?.filter(({ kind }) => kind !== 'directory').sort((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { name: 'kit/bin/miner', size: 1234, kind: 'file' },
        { name: 'kit/link', size: 0, kind: 'symbolic link' },
      ],
    );
    const md5 = execFileSync('md5sum', [path], { encoding: 'utf8' }).slice(0, 32);
    assert.equal(content.md5, md5);
    const bomb = await examineApart(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
    assert.match(bomb.trouble, /its entries cannot be listed/);
    const broken = await examineApart(Buffer.concat([Buffer.from('504b0304', 'hex'), randomBytes(500)]));
    assert.match(broken.trouble, /its entries cannot be listed/);
  });

  test('it leaves locked only: in a ZIP that opens with the usual password', async () => {
    const bytes = randomBytes(5000);
    const path = join(root, 'locked.zip');
    writeFileSync(path, await lockInZip('sample', bytes));
    assert.equal(readFileSync(path).includes(bytes.subarray(0, 16)), false);
    if (!existsSync('/usr/bin/unzip')) return;
    assert.throws(() => execFileSync('unzip', ['-P', 'wrong', '-p', path], { stdio: 'pipe' }));
    assert.ok(execFileSync('unzip', ['-P', 'infected', '-p', path], { stdio: 'pipe' }).equals(bytes));
  });
});
