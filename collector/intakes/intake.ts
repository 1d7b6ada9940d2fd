/** What all network intakes share: what they count, and what they tell of themselves. */
import type { IntakeState } from '@apiary/model/protocol.ts';

/** Why something was not taken. */
export type RefusalReason =
  | 'sender_unknown'
  | 'too_many_connections'
  | 'malformed'
  | 'no_room'
  | 'kernel_dropped'
  | 'authentication_failed'
  | 'channel_unknown'
  | 'subscription'
  | 'too_slow';

export interface Intake {
  start(): void;
  state(): IntakeState;
  /** Nothing is taken any more after this resolves. */
  stop(): Promise<void>;
}

export class IntakeCounts {
  accepted = 0;
  trouble = '';
  readonly #refused = new Map<RefusalReason, number>();

  refuse(reason: RefusalReason, by = 1): void {
    if (by > 0) this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + by);
  }

  set(reason: RefusalReason, count: number): void {
    if (count > 0) this.#refused.set(reason, count);
  }

  state(intake: string): IntakeState {
    const { accepted, trouble } = this;
    return { intake, accepted, refused: Object.fromEntries(this.#refused), trouble };
  }
}

/** `127.0.0.1:514` or `[::1]:514` as people write it. */
export const showAddress = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
