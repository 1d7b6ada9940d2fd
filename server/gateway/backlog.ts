/**
 * Records that were acknowledged and wait for the engine, by sensor. When they are more than the engine loads in a
 * few seconds, sensors with more than their share of them wait, so that what the others send is seen soon.
 */
const seconds_max = 3;
/** A backlog of this many records is never too much. */
const records_min = 40_000;
/** Weight of the newest segment in the engine's measured rate. */
const smoothing = 0.2;

export class Backlog {
  readonly #waiting = new Map<number, number>();
  #total = 0;
  #records_per_second = 20_000;

  /** Records of a sensor became durable. */
  add(sensor_id: number, records: number): void {
    this.#waiting.set(sensor_id, (this.#waiting.get(sensor_id) ?? 0) + records);
    this.#total += records;
  }

  /** They are in the engine. */
  remove(sensor_id: number, records: number): void {
    const left = (this.#waiting.get(sensor_id) ?? 0) - records;
    if (left > 0) this.#waiting.set(sensor_id, left);
    else this.#waiting.delete(sensor_id);
    this.#total -= records;
  }

  /** The engine took this long for a segment. */
  measure(records: number, seconds: number): void {
    if (records < 1000 || seconds <= 0) return;
    this.#records_per_second += smoothing * (records / seconds - this.#records_per_second);
  }

  get records(): number {
    return this.#total;
  }

  /** Whether this sensor should wait. */
  isTooMuch(sensor_id: number): boolean {
    if (this.#total <= Math.max(records_min, this.#records_per_second * seconds_max)) return false;
    return (this.#waiting.get(sensor_id) ?? 0) >= this.#total / this.#waiting.size;
  }
}
