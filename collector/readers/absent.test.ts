import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { describeAbsent } from './absent.ts';

it('tells what stands where a file should be', () => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-absent-'));
  const at = (name: string): string => join(root, name);
  execFileSync('mkfifo', [at('fifo')]);
  mkdirSync(at('directory'));
  symlinkSync('nowhere', at('dangling'));
  writeFileSync(at('file'), '');
  symlinkSync('file', at('link'));
  symlinkSync('directory', at('aside'));
  assert.equal(describeAbsent([]), '');
  assert.equal(
    describeAbsent(['fifo', 'directory', 'dangling', 'link', 'aside', 'file/below'].map(at)),
    [
      `${at('fifo')} is a FIFO, no file`,
      `${at('directory')} is a directory, no file`,
      `${at('dangling')} is a link to nothing`,
      `${at('link')} is a link, which is not followed here`,
      `${at('aside')} is a link, and not to a file`,
      `ENOTDIR: not a directory, lstat '${at('file/below')}'`,
    ].join('; '),
  );
  assert.equal(describeAbsent([at('none'), at('*.log')]), `not there yet: ${at('none')}, ${at('*.log')}`);
  // Nothing is looked at where a container's root could lead the look astray.
  const inside = at('rootfs/fifo');
  mkdirSync(at('rootfs'));
  execFileSync('mkfifo', [inside]);
  assert.equal(describeAbsent([inside]), `not there yet, or no regular file: ${inside}`);
});
