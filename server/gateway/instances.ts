/**
 * Notices one certificate used from two hosts at once: each start of a collector makes a random name; a name
 * that speaks again after another one took its place is a second host.
 */
const remember_ms = 10 * 60_000;
/** A peer that makes up names shall not fill the memory. */
const names_max = 64;

interface Seen {
  current: string;
  replaced: Map<string, number>;
}

export class Instances {
  readonly #seen = new Map<number, Seen>();

  seeTwoAtOnce(collector_id: number, instance: string, now_ms: number): boolean {
    const seen = this.#seen.get(collector_id);
    if (seen === undefined) {
      this.#seen.set(collector_id, { current: instance, replaced: new Map() });
      return false;
    }
    if (seen.current === instance) return false;
    for (const [name, since_ms] of seen.replaced)
      if (now_ms - since_ms > remember_ms) seen.replaced.delete(name);
    if (seen.replaced.size >= names_max) seen.replaced.clear();
    seen.replaced.set(seen.current, now_ms);
    seen.current = instance;
    return seen.replaced.has(instance);
  }
}
