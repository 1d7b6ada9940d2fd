/** How long what is kept, what people set of it, and from when on each kind is complete. */
import { type RetentionKind, retention_kinds } from '@apiary/model/api/settings.ts';
import type { StateDatabase } from './database.ts';

export { type RetentionKind, retention_kinds };

export interface RetentionLimit {
  /** Days after receipt; null: no limit. */
  days: number | null;
  /** Bytes on disk; null: no limit. */
  bytes_max: number | null;
}
export type RetentionLimits = Record<RetentionKind, RetentionLimit>;

/** A step that was begun and is not finished: it is gone through again after a restart. */
export interface RetentionStep {
  kind: RetentionKind;
  /** What was received and detected before goes. */
  cut_ms: number;
  /** Known of it: its counts are written down, and events may be gone already. */
  is_counted: boolean;
}

const limits_setting = 'retention_limits';
const kept_setting = 'retention_kept_from';
const step_setting = 'retention_step';

function readSetting<T>(state: StateDatabase, name: string): T | null {
  const row = state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', name);
  return row === undefined ? null : (JSON.parse(row.value) as T);
}

function writeSetting(state: StateDatabase, name: string, value: unknown): void {
  state.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', name, JSON.stringify(value));
}

/** What people set counts before the settings file. */
export function readLimits(state: StateDatabase, by_file: RetentionLimits): RetentionLimits {
  return { ...by_file, ...readSetting<Partial<RetentionLimits>>(state, limits_setting) };
}

export function setLimit(
  state: StateDatabase,
  actor: string,
  kind: RetentionKind,
  limit: RetentionLimit,
): void {
  state.change(actor, 'set', `retention ${kind}`, { ...limit }, () =>
    writeSetting(state, limits_setting, {
      ...readSetting<Partial<RetentionLimits>>(state, limits_setting),
      [kind]: limit,
    }),
  );
}

/** From this moment on all is there, in milliseconds since 1970; kinds of which nothing has expired are left out. */
export const readKeptFrom = (state: StateDatabase): Partial<Record<RetentionKind, number>> =>
  readSetting(state, kept_setting) ?? {};

export const readStep = (state: StateDatabase): RetentionStep | null => readSetting(state, step_setting);

/** From now on nothing counts on what lies before the cut. */
export function beginStep(state: StateDatabase, step: RetentionStep): void {
  state.transact(() => {
    writeSetting(state, kept_setting, { ...readKeptFrom(state), [step.kind]: step.cut_ms });
    writeSetting(state, step_setting, step);
  });
}

export const noteStep = (state: StateDatabase, step: RetentionStep): void =>
  writeSetting(state, step_setting, step);

export function endStep(state: StateDatabase, details: Record<string, unknown>): void {
  const { kind } = readStep(state)!;
  state.change('retention', 'expire', kind, details, () =>
    state.run('DELETE FROM setting WHERE name = ?', step_setting),
  );
}
