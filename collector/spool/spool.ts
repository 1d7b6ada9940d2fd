/**
 * The spool: one folder with a chain of batches for each sensor, bounded as a whole.
 *
 *     spool/id                         32 hexadecimal digits, made with the folder
 *     spool/SENSOR/chain.json          the chain's spool id
 *     spool/SENSOR/acked.json          how far the server has it
 *     spool/SENSOR/SPOOL_ID/*.seg      segments (segment.ts)
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chain, type ChainLimits } from './chain.ts';
import { BufferPool } from './pending.ts';

export interface SpoolOptions {
  folder: string;
  bytes_max: number;
  keep_acknowledged_hours: number;
  batch_bytes_max: number;
  records_max: number;
  linger_ms: number;
  sensors: { name: string; share_bytes?: number | undefined }[];
}

const segment_bytes_max = 4 * 1024 * 1024;
const segment_bytes_min = 64 * 1024;

export class Spool {
  readonly id: string;
  readonly bytes_max: number;
  readonly chains = new Map<string, Chain>();
  /** What could not be written, by sensor. */
  readonly troubles = new Map<string, string>();
  /** Called whenever a batch was sealed. */
  on_sealed: () => void = () => {};
  readonly #keep_ms: number;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SpoolOptions) {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.id = readOrMakeId(join(options.folder, 'id'));
    this.bytes_max = options.bytes_max;
    this.#keep_ms = options.keep_acknowledged_hours * 3_600_000;
    const pool = new BufferPool(options.batch_bytes_max);
    for (const { name, share_bytes } of options.sensors) {
      const share = share_bytes ?? Math.floor(options.bytes_max / options.sensors.length);
      const limits: ChainLimits = {
        records_max: options.records_max,
        linger_ms: options.linger_ms,
        share_bytes: share,
        segment_bytes: Math.min(segment_bytes_max, Math.max(segment_bytes_min, Math.floor(share / 8))),
      };
      const space = {
        reserve: (bytes: number) => this.#reserve(bytes),
        report: (sensor: string, trouble: string) => this.#report(sensor, trouble),
        sealed: () => this.on_sealed(),
      };
      this.chains.set(name, new Chain(join(options.folder, name), this.id, name, limits, pool, space));
    }
    this.#timer = setInterval(() => this.dropOld(Date.now()), 60_000);
  }

  get bytes(): number {
    let sum = 0;
    for (const chain of this.chains.values()) sum += chain.store.bytes;
    return sum;
  }

  #report(sensor: string, trouble: string): void {
    if (trouble === '') this.troubles.delete(sensor);
    else this.troubles.set(sensor, trouble);
  }

  #reserve(bytes: number): boolean {
    while (this.bytes + bytes > this.bytes_max) {
      const oldest = this.#oldestDroppable();
      if (oldest === undefined) return false;
      oldest.chain.store.dropOldest();
    }
    return true;
  }

  #oldestDroppable(): { chain: Chain; written_ms: number } | undefined {
    let oldest: { chain: Chain; written_ms: number } | undefined;
    for (const chain of this.chains.values()) {
      const found = chain.store.droppable(chain.acked_seq);
      if (found !== undefined && (oldest === undefined || found.written_ms < oldest.written_ms)) {
        oldest = { chain, written_ms: found.written_ms };
      }
    }
    return oldest;
  }

  /** Drops acknowledged segments that were kept long enough. */
  dropOld(now_ms: number): void {
    for (;;) {
      const oldest = this.#oldestDroppable();
      if (oldest === undefined || now_ms - oldest.written_ms < this.#keep_ms) return;
      oldest.chain.store.dropOldest();
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const results = await Promise.allSettled([...this.chains.values()].map((chain) => chain.stop()));
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') {
        this.#report([...this.chains.keys()][index]!, `spool: ${(result.reason as Error).message}`);
      }
    }
  }
}

function readOrMakeId(path: string): string {
  const id = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  const made = randomBytes(16).toString('hex');
  writeFileSync(`${path}.new`, made, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return made;
}
