/** Durations of one request or query, and what is said of them. */
export class Durations {
  readonly #ms: number[] = [];
  readonly #whole: Durations | undefined;

  /** @param whole gets each duration as well */
  constructor(whole?: Durations) {
    this.#whole = whole;
  }

  add(ms: number): void {
    this.#ms.push(ms);
    this.#whole?.add(ms);
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.add(performance.now() - started);
    return result;
  }

  /** The smallest duration that this share of all do not exceed; milliseconds. */
  #percentile(share: number): number {
    const sorted = [...this.#ms].sort((a, b) => a - b);
    const ms = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
    return Math.round(ms * 10) / 10;
  }

  figures(): Figures {
    return {
      median_ms: this.#percentile(0.5),
      p95_ms: this.#percentile(0.95),
      p99_ms: this.#percentile(0.99),
      runs: this.#ms.length,
    };
  }
}

export interface Figures {
  median_ms: number;
  p95_ms: number;
  p99_ms: number;
  runs: number;
}

/** Durations by name, in order of their first appearance. */
export class DurationTable {
  readonly #rows = new Map<string, Durations>();
  readonly #whole: DurationTable | undefined;

  /** @param whole gets each duration as well, under the same name */
  constructor(whole?: DurationTable) {
    this.#whole = whole;
  }

  of(name: string): Durations {
    const known = this.#rows.get(name) ?? new Durations(this.#whole?.of(name));
    this.#rows.set(name, known);
    return known;
  }

  figures(): Record<string, Figures> {
    return Object.fromEntries([...this.#rows].map(([name, durations]) => [name, durations.figures()]));
  }
}
