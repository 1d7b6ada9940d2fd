import { setTimeout as sleep } from 'node:timers/promises';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Journal } from './gateway/journal.ts';

const settle_ms_max = 60_000;
const poll_ms = 100;

/**
 * Resolves when all that was acknowledged until now is in the engine.
 * @throws OperationalError `conflict` when that takes too long
 */
export async function whenSettled({ journal }: { journal: Journal }): Promise<void> {
  const last = journal.last_id;
  const deadline = Date.now() + settle_ms_max;
  while (journal.isWaiting(last)) {
    if (Date.now() > deadline)
      throw new OperationalError(
        'conflict',
        'records wait to be loaded; ask again when the engine has caught up',
      );
    await sleep(poll_ms);
  }
}
