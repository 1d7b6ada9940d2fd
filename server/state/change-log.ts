/** The change log as it is read; StateDatabase.change writes it. */
import type { Audit, AuditQuery } from '@apiary/model/api/audit.ts';
import type { StateDatabase } from './database.ts';

export function readChanges(state: StateDatabase, query: AuditQuery): Audit {
  const { actor, verb, subject, before, limit } = query;
  const rows = state.all<Audit['changes'][number]>(
    `SELECT change_id, at_ms, actor, verb, subject, details FROM change_log
     WHERE change_id < ? AND (? IS NULL OR actor = ?) AND (? IS NULL OR verb = ?) AND (? IS NULL OR instr(lower(subject), lower(?)) > 0)
     ORDER BY change_id DESC LIMIT ?`,
    before ?? Number.MAX_SAFE_INTEGER,
    actor ?? null,
    actor ?? null,
    verb ?? null,
    verb ?? null,
    subject ?? null,
    subject ?? null,
    limit + 1,
  );
  const changes = rows.slice(0, limit);
  return { changes, next: rows.length > limit ? changes.at(-1)!.change_id : null };
}
