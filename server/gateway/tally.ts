/** Refusals counted in memory, by collector, sensor and reason. */

/** Names come from the peer: no more different ones than this are kept apart. */
const kinds_max = 1000;

export interface Counted {
  collector: string;
  sensor: string;
  reason: string;
  count: number;
  last_ms: number;
  last_message: string;
}

export class Tally {
  readonly #counted = new Map<string, Counted>();

  count(collector: string, sensor: string, reason: string, message: string, by = 1): void {
    const named = this.#counted.size >= kinds_max ? 'many' : sensor.slice(0, 128);
    const key = JSON.stringify([collector, named, reason]);
    const counted = this.#counted.get(key) ?? {
      collector,
      sensor: named,
      reason,
      count: 0,
      last_ms: 0,
      last_message: '',
    };
    counted.count += by;
    counted.last_ms = Date.now();
    counted.last_message = message.slice(0, 500);
    this.#counted.set(key, counted);
  }

  /** Takes out as many as `most`. */
  take(most: number): Counted[] {
    const taken = [...this.#counted].slice(0, most);
    for (const [key] of taken) this.#counted.delete(key);
    return taken.map(([, counted]) => counted);
  }

  list(): Counted[] {
    return [...this.#counted.values()];
  }

  clear(): void {
    this.#counted.clear();
  }
}
