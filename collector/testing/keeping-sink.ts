/** A sink that keeps the records of frames by generation and place, as the server would. */
import { type Gap, type Run, visitRun } from '@apiary/model/batch.ts';
import type { Sink } from '../readers/reader.ts';
import type { Checkpoint } from '../spool/segment.ts';

export class KeepingSink implements Sink {
  checkpoint: Checkpoint = {};
  room = 1e9;
  records = new Map<string, string>();
  received = 0;
  readonly gaps: Gap[] = [];

  onRun: () => void = () => undefined;

  append(run: Run, bytes: Buffer, state: Checkpoint): Promise<boolean> {
    visitRun(run, bytes, 0, (place, _flags, _size, start, end) => {
      this.received += 1;
      this.records.set(`${run.generation} ${place}`, bytes.toString('utf8', start, end));
    });
    this.note(state);
    this.onRun();
    return Promise.resolve(true);
  }

  appendGap(gap: Gap, state: Checkpoint): Promise<boolean> {
    this.gaps.push(gap);
    this.note(state);
    return Promise.resolve(true);
  }

  note(state: Checkpoint): void {
    for (const [key, value] of Object.entries(state)) {
      if (value === null) delete this.checkpoint[key];
      else this.checkpoint[key] = structuredClone(value);
    }
  }

  countCut(): void {}
}
