/**
 * Asks what the Overview asks, once, after the engine has started: what it does at the first question only (its code,
 * threads, indexes and marks come into memory) cost the first look at a page several times what the second did (seen).
 */
import { OperationalError } from '@apiary/model/errors.ts';
import { readOverview } from './overview.ts';
import type { View } from './view.ts';

/** The usual first look. What lies further back is read when it is asked for. */
const filter = { last: '24h' } as const;

export async function warmPages(view: View, now_ms: number): Promise<void> {
  try {
    await readOverview(view, filter, now_ms);
  } catch (error) {
    // Whoever asks next is told what is wrong.
    if (!(error instanceof OperationalError)) throw error;
  }
}
