/** Terminal recordings of a session, ready to be replayed. */
import type { Recording } from '@apiary/model/api/sessions.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { readTerminalRecording } from '@apiary/model/terminal-recording.ts';
import type { Reader } from './count-by.ts';

/** What one answer gives of a recording. */
const frames_max = 20_000;
const bytes_max = 4 * 1024 * 1024;

/** The bytes of a whole file; null where they are not here. */
export type ReadArtifact = (sha256: string) => Promise<Buffer | null>;

/**
 * @param sql of the sensor type (submodules/TYPE/recordings.sql)
 * @returns the recordings of which the bytes have come
 */
export async function readRecordingsOf(
  store: Reader,
  readArtifact: ReadArtifact,
  sql: string,
  sensor: number,
  session: string,
): Promise<Recording[]> {
  const rows = await store.query<{ taken_sha256: string }>(sql, { sensor, session });
  const recordings: Recording[] = [];
  for (const { taken_sha256 } of rows) {
    const bytes = await readArtifact(taken_sha256);
    if (bytes !== null) recordings.push(showRecording(taken_sha256, bytes));
  }
  return recordings.sort((a, b) => a.begin_ms - b.begin_ms);
}

function showRecording(sha256: string, bytes: Buffer): Recording {
  const { begin_ms, frames, trouble } = readTerminalRecording(bytes);
  if (trouble === 'not a recording' && frames.length === 0)
    throw new OperationalError('not_found', `the file ${sha256} is no terminal recording`);
  const shown: Recording['frames'] = [];
  let size = 0;
  for (const { at_ms, kind, bytes: part } of frames) {
    size += part.length;
    if (shown.length >= frames_max || size > bytes_max) break;
    shown.push([Math.round(at_ms), kind, Buffer.from(part).toString('base64')]);
  }
  return {
    sha256,
    begin_ms: Math.round(begin_ms),
    trouble,
    frames: shown,
    is_cut: shown.length < frames.length,
  };
}
