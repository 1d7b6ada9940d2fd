/** The frames of a terminal recording on two axes of time: its own, and that of its replay, which may shorten pauses. */
import type { Recording } from '@apiary/model/api/sessions.ts';

/** A pause longer than this is shortened to it where pauses are skipped. */
const pause_ms = 1500;

export interface Frame {
  /** In the recording … */
  real_ms: number;
  /** … and as it is played: pauses may be shorter. */
  at_ms: number;
  kind: 'input' | 'output' | 'exec';
  bytes: Uint8Array;
}

const decode = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Frames with their times, pauses shortened where wanted. */
export function layFrames(recording: Recording, skips: boolean): Frame[] {
  let before = 0;
  let at_ms = 0;
  return recording.frames.map(([ms, kind, base64]) => {
    at_ms += skips ? Math.min(ms - before, pause_ms) : ms - before;
    before = ms;
    return { real_ms: ms, at_ms, kind, bytes: decode(base64) };
  });
}

/** A moment of one of the two times in the other; within a pause that is shortened its end comes sooner. */
export function turnMoment(
  frames: readonly Frame[],
  ms: number,
  from: 'real_ms' | 'at_ms',
  to: 'real_ms' | 'at_ms',
): number {
  const next = frames.findIndex((frame) => frame[from] > ms);
  const last = next === -1 ? frames.at(-1) : frames[next - 1];
  const since = (last?.[to] ?? 0) + ms - (last?.[from] ?? 0);
  return next === -1 ? (last?.[to] ?? 0) : Math.min(since, frames[next]![to]);
}
