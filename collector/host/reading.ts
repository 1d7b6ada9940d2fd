/** What the sensors of a container give: readings, each one record, JSON with the container's name and the time. */
import type { Container } from './containers.ts';

export interface Reading {
  [field: string]: unknown;
}

/** One kind of look at a container. */
export interface Probe {
  readonly poll_ms: number;
  /** Readings since the last call; the container may have been started anew meanwhile, or not run at all. */
  take(container: Container | undefined): Promise<Reading[]> | Reading[];
  /** What it cannot do now; '' where it can do all. */
  readonly trouble: string;
  /** What it looks at, for the status. */
  readonly source: string;
  /** Called when the readings of the last call are durable. */
  settle?(): void;
  stop?(): Promise<void> | void;
}

/** Now in ISO 8601 with microseconds, by the host's clock. */
export function stampNow(): string {
  return showMicroseconds(BigInt(Date.now()) * 1000n);
}

export function showMicroseconds(us: bigint): string {
  const moment = new Date(Number(us / 1000n));
  return moment.toISOString().replace('Z', `${String(us % 1000n).padStart(3, '0')}Z`);
}
