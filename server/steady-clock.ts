/**
 * The time for what cannot be taken back: what is old is thrown away, and a day that is over is signed. A clock that goes
 * ahead by mistake must do neither, so it is believed only when it has stood there for a day.
 */
const hour_ms = 3_600_000;
const believed_after_ms = 24 * hour_ms;

export interface SteadyClockOptions {
  /** Of the host; it may jump. */
  wall?: () => number;
  /** Milliseconds that never jump; they stand still while the host sleeps, which looks as a jump does. */
  steady?: () => number;
  log: (message: string) => void;
}

export class SteadyClock {
  readonly #wall: () => number;
  readonly #steady: () => number;
  readonly #log: (message: string) => void;
  #base: { wall_ms: number; steady_ms: number };
  #ahead_since_ms: number | undefined;

  constructor({ wall = Date.now, steady = () => performance.now(), log }: SteadyClockOptions) {
    this.#wall = wall;
    this.#steady = steady;
    this.#log = log;
    this.#base = { wall_ms: wall(), steady_ms: steady() };
  }

  /** Milliseconds since 1970: what the host says, or what it should say where it went ahead within a day. */
  now(): number {
    const [wall_ms, steady_ms] = [this.#wall(), this.#steady()];
    const expected_ms = this.#base.wall_ms + (steady_ms - this.#base.steady_ms);
    if (wall_ms - expected_ms <= hour_ms) {
      this.#ahead_since_ms = undefined;
      // Small steps are NTP's; back is never too far.
      this.#base = { wall_ms, steady_ms };
      return wall_ms;
    }
    if (this.#ahead_since_ms === undefined) {
      this.#ahead_since_ms = steady_ms;
      this.#log(
        `the clock went ahead by ${Math.round((wall_ms - expected_ms) / hour_ms)} h: nothing is thrown away for its age and no day is signed by it until it has stood there for a day`,
      );
    }
    if (steady_ms - this.#ahead_since_ms < believed_after_ms) return expected_ms;
    this.#ahead_since_ms = undefined;
    this.#base = { wall_ms, steady_ms };
    return wall_ms;
  }
}
