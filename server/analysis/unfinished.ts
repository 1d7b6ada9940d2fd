/**
 * What a pass had begun when it was cut off, by a kill or an engine that was gone. A pass writes several tables, one
 * after another; its note stands in the state from before the first of them until after the last, and whoever finds
 * one goes through the same segments again.
 */
import type { StateDatabase } from '../state/database.ts';

export interface UnfinishedPass {
  pass: number;
  /** Segments whose events were gone through; null: all there are. */
  segments: string[] | null;
}

const setting = 'analysis_pass';

export function noteBegun(state: StateDatabase, pass: UnfinishedPass): void {
  state.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', setting, JSON.stringify(pass));
}

export function noteFinished(state: StateDatabase): void {
  state.run('DELETE FROM setting WHERE name = ?', setting);
}

export function readUnfinished(state: StateDatabase): UnfinishedPass | null {
  const row = state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', setting);
  return row === undefined ? null : (JSON.parse(row.value) as UnfinishedPass);
}
