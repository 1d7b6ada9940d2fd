/** Incidents that analysts joined and attacks that they set apart: appended, and taken back by a mark. */
import { OperationalError } from '@apiary/model/errors.ts';
import type { GroupingKind } from '@apiary/model/incident-words.ts';
import type { StateDatabase } from './database.ts';

export interface StoredGrouping {
  grouping_id: number;
  kind: GroupingKind;
  /** Ids of events, one of each incident that is joined or of each attack that stands apart. */
  events: string[];
  reason: string;
  actor: string;
  made_ms: number;
}

const groupings_max = 2000;

/** Those that hold, the oldest first. */
export const listGroupings = (state: StateDatabase): StoredGrouping[] =>
  state
    .all<Omit<StoredGrouping, 'events'> & { events: string }>(
      `SELECT grouping_id, kind, events, reason, actor, made_ms FROM incident_grouping
       WHERE revoked_ms IS NULL ORDER BY grouping_id`,
    )
    .map((row) => ({ ...row, events: JSON.parse(row.events) as string[] }));

/** Grows with each that is made or taken back. */
export const groupingsRevision = (state: StateDatabase): number =>
  state.get<{ revision: number }>('SELECT count(*) + count(revoked_ms) AS revision FROM incident_grouping')!
    .revision;

/** @throws OperationalError conflict where there are too many */
export function addGrouping(
  state: StateDatabase,
  actor: string,
  { kind, events, reason }: Pick<StoredGrouping, 'kind' | 'events' | 'reason'>,
  now_ms: number,
): number {
  if (listGroupings(state).length >= groupings_max)
    throw new OperationalError(
      'conflict',
      `there are ${groupings_max} already: take back some that have served`,
    );
  const text = JSON.stringify(events);
  return state.change(actor, `${kind} incidents`, events.slice(0, 20).join(', '), { reason }, () => {
    const { id } = state.run(
      'INSERT INTO incident_grouping (kind, events, reason, actor, made_ms) VALUES (?, ?, ?, ?, ?)',
      ...[kind, text, reason, actor, now_ms],
    );
    return id;
  });
}

/** @throws OperationalError not_found */
export function revokeGrouping(
  state: StateDatabase,
  actor: string,
  grouping_id: number,
  now_ms: number,
): void {
  const known = listGroupings(state).find((one) => one.grouping_id === grouping_id);
  if (known === undefined) throw new OperationalError('not_found', `there is no grouping ${grouping_id}`);
  state.change(actor, `take back ${known.kind}`, String(grouping_id), {}, () => {
    state.run(
      'UPDATE incident_grouping SET revoked_by = ?, revoked_ms = ? WHERE grouping_id = ?',
      ...[actor, now_ms, grouping_id],
    );
  });
}

const setting = 'groupings_written';

/** The revision that the incidents in the engine are of. */
export const writtenRevision = (state: StateDatabase): number =>
  Number(state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', setting)?.value ?? 0);

export function noteWritten(state: StateDatabase, revision: number): void {
  if (writtenRevision(state) === revision) return;
  state.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', setting, String(revision));
}
