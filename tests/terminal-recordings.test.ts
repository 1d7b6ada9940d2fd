/** Every terminal recording that there is can be replayed to its end. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readTerminalRecording } from '@apiary/model/terminal-recording.ts';
import { missing, recordings } from './recording.ts';

/** No session of these lasted so long: a time beyond it was misread. */
const week_ms = 7 * 86_400_000;

/** `files` is what data/INDEX.md says. */
const folders: { folder: string; pattern: RegExp; files?: number }[] = [
  { folder: 'lab/kippo/log/tty', pattern: /./, files: 413 },
  { folder: 'lab/cowrie-2.5.0/lib/tty', pattern: /./, files: 282 },
  { folder: 'lab/cowrie-3.0.12/lib/tty', pattern: /./, files: 96 },
  { folder: 'wild/honssh-2017', pattern: /\.tty$/ },
  { folder: 'wild/cowrie-2018', pattern: /tty\/(?!lastlog)/, files: 199 },
  { folder: 'wild/tpot-2022/cowrie', pattern: /tty\//, files: 314 },
];

const read = (path: string): Buffer =>
  path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);

for (const { folder, pattern, files } of folders) {
  describe(`terminal recordings in ${folder}`, { skip: missing(folder) }, () => {
    it('are all understood', () => {
      assert(existsSync(join(recordings, folder)));
      const paths = readdirSync(join(recordings, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => pattern.test(path));
      if (files !== undefined) assert.equal(paths.length, files);
      const troubles = paths.filter((path) => {
        const { trouble, frames } = readTerminalRecording(read(path));
        return trouble !== '' || frames.some(({ at_ms }) => at_ms > week_ms);
      });
      assert.deepEqual(troubles, []);
      assert(paths.length > 0);
    });
  });
}
