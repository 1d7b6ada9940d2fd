/** What the checkpoint says of files of records: how far each was read, known by the generation that its first record gives. */
import type { Gap } from '@apiary/model/batch.ts';
import type { Checkpoint } from '../spool/segment.ts';
import type { Sink } from './reader.ts';

export interface FramedLife {
  offset: number;
  /** The framer's. */
  state: unknown;
  path?: string;
  /** It was read to its end, and a newer file was there: nothing more was to come. */
  is_done?: true;
}

export class FramedLives {
  readonly #sink: Sink;
  readonly #stream: string;
  readonly #prefix: string;
  /** Those that no file was found to hold, of an earlier run or released. */
  readonly #unheld = new Map<string, FramedLife>();
  #unheld_since_ms = 0;

  constructor(sink: Sink, stream: string) {
    this.#sink = sink;
    this.#stream = stream;
    this.#prefix = `framed/${stream}/`;
    for (const [key, life] of Object.entries(sink.checkpoint))
      if (key.startsWith(this.#prefix)) this.#unheld.set(key.slice(this.#prefix.length), life as FramedLife);
  }

  /** A file holds this generation; gives how far it was read. */
  hold(generation: string): FramedLife | undefined {
    this.#unheld.delete(generation);
    return this.#sink.checkpoint[this.#prefix + generation] as FramedLife | undefined;
  }

  store(generation: string, life: FramedLife): Checkpoint {
    return { [this.#prefix + generation]: life };
  }

  note(generation: string, life: FramedLife): void {
    this.#sink.note(this.store(generation, life));
  }

  /** Its file holds something else now, while a copy of it may lie elsewhere. */
  release(generation: string, life: FramedLife): void {
    this.note(generation, life);
    this.#unheld.set(generation, life);
    this.#unheld_since_ms = 0;
  }

  /** What remains of it is of no use: its file is gone, and was read to its end. */
  forget(generation: string): void {
    if (generation !== '') this.#sink.note({ [this.#prefix + generation]: null });
  }

  /** Its file is gone, and was not read to its end. @param to '' where nobody knows how far it went */
  lose(generation: string, source: string, from: number, to: string): Promise<boolean> {
    const gap: Gap = {
      ...{ stream: this.#stream, source, generation: generation === '' ? '0'.repeat(16) : generation },
      ...{ from: String(from), to, reason: 'rotated_away', noticed_ms: Date.now() },
    };
    return this.#sink.appendGap(gap, generation === '' ? {} : { [this.#prefix + generation]: null }, 1);
  }

  /**
   * Lives whose files went while nothing ran here, or were written over: what was added to them is not known. To be called
   * when every file that is there was looked into.
   * @param source what names those whose path was not kept
   */
  async tellUnheld(source: string, idle_ms: number): Promise<void> {
    if (this.#unheld.size === 0) return;
    this.#unheld_since_ms ||= performance.now();
    if (performance.now() - this.#unheld_since_ms < idle_ms) return;
    for (const [generation, { offset, path, is_done }] of this.#unheld) {
      if (is_done) this.forget(generation);
      else if (!(await this.lose(generation, path ?? source, offset, ''))) return;
      this.#unheld.delete(generation);
    }
  }
}
