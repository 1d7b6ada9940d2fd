/** Lets work take turns by key, and lets it wait until something it depends on has advanced. */
export class Turns {
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Runs `work` after all earlier work of the same key. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#tails.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === settled) this.#tails.delete(key);
    }
  }

  /** Wakes those who wait for `key`. */
  advance(key: string): void {
    for (const wake of this.#waiting.get(key) ?? []) wake();
  }

  /** Resolves when `ready` holds, looked at whenever `key` advances, or when the time is over. */
  async until(key: string, ready: () => boolean, timeout_ms: number): Promise<void> {
    if (ready()) return;
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      waiting = new Set();
      this.#waiting.set(key, waiting);
    }
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(key);
        resolve();
      };
      const wake = (): void => {
        if (ready()) finish();
      };
      const timer = setTimeout(finish, timeout_ms);
      waiting.add(wake);
    });
  }
}
