/** What a server does by itself now and then: renews its certificate, signs the days that are over, takes out what is over a limit. */
import type { DayChain } from './evidence/day-chain.ts';
import type { Authority } from './pki/authority.ts';
import type { Retention } from './retention/retention.ts';
import { SteadyClock } from './steady-clock.ts';

const maintenance_every_ms = 3_600_000;
const retention_every_ms = 60_000;

export interface MaintenanceOptions {
  authority: Authority;
  days: DayChain;
  retention: Retention;
  log: (message: string) => void;
}

export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #hourly: NodeJS.Timeout;
  readonly #clock: SteadyClock;
  #expiring: NodeJS.Timeout | undefined;
  #is_expiring = false;

  /** The certificate is kept from the beginning; what asks the engine waits for `start`. */
  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#clock = new SteadyClock({ log: options.log });
    this.#hourly = setInterval(() => void this.#maintain(), maintenance_every_ms).unref();
  }

  /** The engine answers. */
  start(): void {
    void this.#signDays();
    this.#expiring = setInterval(() => void this.#expire(), retention_every_ms).unref();
  }

  async #maintain(): Promise<void> {
    try {
      await this.#options.authority.renewGateway();
    } catch (error) {
      this.#options.log(`the gateway's certificate could not be renewed: ${String(error)}`);
    }
    await this.#signDays();
  }

  /** Signs the records of the days that are over; what fails is tried again an hour later. */
  async #signDays(): Promise<void> {
    const { retention, days, log } = this.#options;
    try {
      // Nothing may be taken out while a day is counted.
      await retention.alone(() => days.seal(this.#clock.now()));
    } catch (error) {
      log(`a day could not be signed: ${(error as Error).message}; it is tried again`);
    }
  }

  /** Takes out what is over a limit; what fails is tried again a minute later. */
  async #expire(): Promise<void> {
    if (this.#is_expiring) return;
    this.#is_expiring = true;
    try {
      await this.#options.retention.run(this.#clock.now());
    } catch (error) {
      this.#options.log(`the retention could not go on: ${(error as Error).message}; it is tried again`);
    } finally {
      this.#is_expiring = false;
    }
  }

  stop(): void {
    clearInterval(this.#hourly);
    clearInterval(this.#expiring);
  }
}
