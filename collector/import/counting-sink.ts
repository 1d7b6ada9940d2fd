/** Stands between a reader and its chain for one file of an import: names the source as people know it, and counts. */
import type { Gap, Run } from '@apiary/model/batch.ts';
import type { Sink } from '../readers/reader.ts';
import type { Chain } from '../spool/chain.ts';
import type { Checkpoint } from '../spool/segment.ts';

export class CountingSink implements Sink {
  /** Each file is read from its beginning: what was read of others says nothing about it. */
  readonly checkpoint: Checkpoint = {};
  records = 0;
  readonly #chain: Chain;
  readonly #shown: string;
  #cut = 0;
  readonly #gaps: string[] = [];

  constructor(chain: Chain, shown: string) {
    this.#chain = chain;
    this.#shown = shown;
  }

  get room(): number {
    return this.#chain.room;
  }

  async append(run: Run, bytes: Buffer, _: Checkpoint, on_durable?: () => void): Promise<boolean> {
    const table = run.source.lastIndexOf('#');
    const source = table === -1 ? this.#shown : `${this.#shown}${run.source.slice(table)}`;
    const is_taken = await this.#chain.append({ ...run, source }, bytes, {}, on_durable);
    if (is_taken) this.records += run.records;
    return is_taken;
  }

  /** Told to who imports, not to the server: the file lies there still, and may be mended and imported again. */
  async appendGap({ reason, from, to }: Gap): Promise<boolean> {
    this.#gaps.push(`${reason.replaceAll('_', ' ')} from ${from}${to === '' ? '' : ` to ${to}`}`);
    return true;
  }

  note(): void {
    // Nothing goes on from here.
  }

  countCut(): void {
    this.#cut += 1;
  }

  get trouble(): string {
    const cut = this.#cut === 0 ? [] : [`${this.#cut} records were longer than the limit and are cut`];
    return [...this.#gaps.slice(0, 3), ...cut].join('; ');
  }
}
