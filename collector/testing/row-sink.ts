/** A sink that keeps what a reader of rows sends, as the gateway would tell it apart. */
import assert from 'node:assert/strict';
import { type Gap, type Run, visitRun } from '@apiary/model/batch.ts';
import type { Sink } from '../readers/reader.ts';
import type { Checkpoint } from '../spool/segment.ts';

export interface SentRow {
  stream: string;
  generation: string;
  place: string;
  flags: number;
  text: string;
}

export class RowSink implements Sink {
  checkpoint: Checkpoint = {};
  room = 1e9;
  /** All, in order. */
  readonly sent: SentRow[] = [];
  readonly gaps: Gap[] = [];
  cut = 0;
  lost = 0;
  /** Called before a run is taken; throws to end there, as a crash would. */
  onRun: () => void = () => undefined;

  async append(run: Run, bytes: Buffer, state: Checkpoint): Promise<boolean> {
    this.onRun();
    const places = new Set<string>();
    visitRun(run, bytes, 0, (place, flags, _size, start, end) => {
      // The gateway asks about runs, so one may hold no place twice.
      assert.ok(!places.has(String(place)), `${run.stream} ${place} twice in a run`);
      places.add(String(place));
      assert.ok(BigInt(place) >= BigInt(run.first) && BigInt(place) < BigInt(run.next));
      const { stream, generation } = run;
      this.sent.push({
        stream,
        generation,
        place: String(place),
        flags,
        text: bytes.toString('utf8', start, end),
      });
    });
    this.note(state);
    return true;
  }

  async appendGap(gap: Gap, state: Checkpoint, lost = 0): Promise<boolean> {
    this.gaps.push(gap);
    this.lost += lost;
    this.note(state);
    return true;
  }

  note(state: Checkpoint): void {
    Object.assign(this.checkpoint, structuredClone(state));
  }

  countCut(): void {
    this.cut += 1;
  }

  /** Versions of each place of a stream, each once, in the order of their first coming. */
  versions(stream: string): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const row of this.sent) {
      if (row.stream !== stream) continue;
      const key = `${row.generation} ${row.place}`;
      const known = found.get(key) ?? [];
      if (!known.includes(row.text)) known.push(row.text);
      found.set(key, known);
    }
    return found;
  }

  /** The last version of each row of a table. */
  rows(stream: string): Record<string, unknown>[] {
    return [...this.versions(stream).values()].map((texts) => JSON.parse(texts.at(-1)!).row);
  }

  statements(): Record<string, unknown>[] {
    return [...this.versions('statements').values()].map(([text]) => JSON.parse(text!));
  }
}
