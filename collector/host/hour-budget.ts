/** What is taken of one container in an hour has an end. */
const hour_ms = 3_600_000;

export class HourBudget {
  readonly #bytes_max: number;
  readonly #files_max: number;
  #hour = 0;
  #bytes = 0;
  #files = 0;

  constructor(bytes_max: number, files_max: number) {
    this.#bytes_max = bytes_max;
    this.#files_max = files_max;
  }

  has(bytes: number): boolean {
    const hour = Math.floor(Date.now() / hour_ms);
    if (this.#hour !== hour) {
      this.#hour = hour;
      this.#bytes = 0;
      this.#files = 0;
    }
    return this.#bytes + bytes <= this.#bytes_max && this.#files < this.#files_max;
  }

  spend(bytes: number): void {
    this.#bytes += bytes;
    this.#files += 1;
  }
}
