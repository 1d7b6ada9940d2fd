/** What the gateway notes in the state beside records: gaps, refusals, alerts. */
import type { Gap } from '@apiary/model/batch.ts';
import type { StateDatabase } from '../state/database.ts';
import { type Counted, Tally } from './tally.ts';

/** An alert that was raised less than this ago is counted up instead of raised again. */
const alert_quiet_ms = 3_600_000;

export function noteAlert(
  state: StateDatabase,
  kind: string,
  subject: string,
  message: string,
  now_ms = Date.now(),
): void {
  const { changes } = state.run(
    'UPDATE alert SET count = count + 1, last_ms = ?, message = ? WHERE kind = ? AND subject = ? AND closed_ms IS NULL AND last_ms > ?',
    now_ms,
    message,
    kind,
    subject,
    now_ms - alert_quiet_ms,
  );
  if (changes === 0) {
    state.run(
      'INSERT INTO alert (kind, subject, message, first_ms, last_ms) VALUES (?, ?, ?, ?, ?)',
      kind,
      subject,
      message,
      now_ms,
      now_ms,
    );
  }
}

export function noteGaps(state: StateDatabase, sensor_id: number, gaps: readonly Gap[]): void {
  if (gaps.length === 0) return;
  state.transact(() => {
    for (const gap of gaps) {
      state.run(
        `INSERT OR IGNORE INTO gap (sensor_id, stream, source, generation, from_place, to_place, reason, noticed_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        sensor_id,
        gap.stream,
        gap.source,
        gap.generation,
        gap.from,
        gap.to,
        gap.reason,
        gap.noticed_ms,
      );
    }
  });
}

/** Notes in which spool a collector now brings a sensor's records. Gives the one before; undefined where it is the first. */
export function noteSpool(
  state: StateDatabase,
  sensor_id: number,
  collector_id: number,
  spool_id: string,
): string | undefined {
  const before = state.get<{ spool_id: string }>(
    'SELECT spool_id FROM sensor_spool WHERE sensor_id = ? AND collector_id = ?',
    sensor_id,
    collector_id,
  )?.spool_id;
  if (before === spool_id) return undefined;
  state.run('INSERT OR REPLACE INTO sensor_spool VALUES (?, ?, ?)', sensor_id, collector_id, spool_id);
  return before;
}

const flush_every_ms = 1000;

/** Counts refusals by collector, sensor and reason, and writes them to the state once a second. */
export class Refusals {
  readonly #state: StateDatabase;
  readonly #tally = new Tally();
  readonly #timer: NodeJS.Timeout;
  readonly #log: (message: string) => void;

  #failed = false;

  constructor(state: StateDatabase, log: (message: string) => void) {
    this.#state = state;
    this.#log = log;
    this.#timer = setInterval(() => this.flush(), flush_every_ms).unref();
  }

  count(collector: string, sensor: string, reason: string, message: string, by = 1): void {
    this.#tally.count(collector, sensor, reason, message, by);
  }

  flush(): void {
    const all = this.#tally.list();
    if (all.length === 0) return;
    try {
      this.#write(all);
      this.#tally.clear();
    } catch (error) {
      // A full disk: the counts stay and are written when there is room.
      if (!this.#failed) this.#log(`refusals cannot be written down: ${String(error)}`);
      this.#failed = true;
      return;
    }
    this.#failed = false;
  }

  #write(all: Counted[]): void {
    this.#state.transact(() => {
      for (const { collector, sensor, reason, count, last_ms, last_message } of all) {
        this.#state.run(
          `INSERT INTO refusal VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = count + excluded.count, last_ms = excluded.last_ms, last_message = excluded.last_message`,
          collector,
          sensor,
          reason,
          count,
          last_ms,
          last_message,
        );
      }
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
