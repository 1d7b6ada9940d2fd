/**
 * Terminal recordings ("ttylog") of Kippo, Cowrie and HonSSH: one form, from Kippo's ttylog.py, which took it from
 * UML's tty_log. A recording is a sequence of
 *
 *     i32le operation (1 open, 2 close, 3 write, 4 exec) | u32le terminal, always 0 | i32le size | i32le direction
 *     (1 input, 2 output, 3 interact) | u32le seconds | u32le microseconds | size bytes
 *
 * The bytes are whatever went over the terminal: they need not be UTF-8, and a frame may cut a character.
 */

export const frame_head_bytes = 24;
/** Frames of a recording that are read; more are left out and said. */
export const frames_max = 200_000;
/** One write; Twisted never writes so much at once. */
const frame_bytes_max = 16 * 1024 * 1024;

const operations = { open: 1, close: 2, write: 3, exec: 4 } as const;

export interface TerminalFrame {
  /** Milliseconds after the begin of the recording. */
  at_ms: number;
  kind: 'input' | 'output' | 'exec';
  bytes: Uint8Array;
}

export interface TerminalRecording {
  /** Milliseconds since 1970 of its first frame; 0 where there is none. */
  begin_ms: number;
  frames: TerminalFrame[];
  /** Why it ends before its bytes do; '' where it does not. */
  trouble: '' | 'cut' | 'not a recording' | 'too long';
}

/** Reads what can be read: a recording whose honeypot died ends in the middle of a frame. */
export function readTerminalRecording(bytes: Uint8Array): TerminalRecording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: TerminalFrame[] = [];
  let begin_ms: number | null = null;
  let last_ms = 0;
  let at = 0;
  const end = (trouble: TerminalRecording['trouble']): TerminalRecording => ({
    begin_ms: begin_ms ?? 0,
    frames,
    trouble,
  });
  while (at < bytes.length) {
    if (at + frame_head_bytes > bytes.length) return end('cut');
    const operation = view.getInt32(at, true);
    const size = view.getInt32(at + 8, true);
    const direction = view.getInt32(at + 12, true);
    if (operation < operations.open || operation > operations.exec || size < 0 || size > frame_bytes_max)
      return end('not a recording');
    const ms = view.getUint32(at + 16, true) * 1000 + view.getUint32(at + 20, true) / 1000;
    begin_ms ??= ms;
    // A clock that is set back must not make a replay jump.
    last_ms = Math.max(last_ms, ms - begin_ms);
    const start = at + frame_head_bytes;
    if (start + size > bytes.length) return end('cut');
    const kind = operation === operations.exec ? 'exec' : direction === 1 ? 'input' : 'output';
    if (size > 0 && (operation === operations.write || operation === operations.exec)) {
      if (frames.length >= frames_max) return end('too long');
      frames.push({ at_ms: last_ms, kind, bytes: bytes.subarray(start, start + size) });
    }
    at = start + size;
  }
  return end('');
}
