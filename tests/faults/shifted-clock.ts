/**
 * Loaded before a program (`--import`): its wall clock is off by as many milliseconds as the file says that the path of
 * this module's query names. What counts on monotonic time is left alone, as by a real clock that is set.
 */
import { readFileSync } from 'node:fs';

const path = new URL(import.meta.url).searchParams.get('file');
const look_every_ms = 20;
const true_now = Date.now.bind(Date);
const TrueDate = Date;
let offset_ms = 0;
let looked = Number.NEGATIVE_INFINITY;

function shiftedNow(): number {
  const now = performance.now();
  if (path !== null && now - looked > look_every_ms) {
    looked = now;
    const read = Number(readFileSync(path, 'utf8'));
    // A file that is being written is empty for a moment.
    if (Number.isFinite(read)) offset_ms = read;
  }
  return true_now() + offset_ms;
}

class ShiftedDate extends TrueDate {
  constructor(...values: [] | [number | string | Date]) {
    if (values.length === 0) super(shiftedNow());
    else super(...(values as [number]));
  }

  static override now(): number {
    return shiftedNow();
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
