/** What analysts decided about incidents and attacks: appended, never changed; the newest of a field counts. */
import type { Judgement } from '@apiary/model/api/incidents.ts';
import type { AttackJudgementField, JudgementField } from '@apiary/model/incident-words.ts';
import type { StateDatabase } from './database.ts';

export interface AnchoredJudgement extends Judgement {
  anchor: string;
}

const free_texts: ReadonlySet<JudgementField> = new Set(['name', 'comment']);

export function makeJudgement(
  state: StateDatabase,
  actor: string,
  anchor: string,
  field: JudgementField,
  value: string,
  now_ms: number,
): void {
  const number = state.get<{ number: number }>('SELECT number FROM incident_number WHERE anchor = ?', anchor);
  // What somebody wrote stands with the incident alone: the log is never cleaned.
  const details = free_texts.has(field) ? { field } : { field, value };
  state.change(actor, 'judge incident', number === undefined ? anchor : `#${number.number}`, details, () => {
    state.run(
      "INSERT INTO judgement (subject, anchor, field, value, actor, made_ms) VALUES ('incident', ?, ?, ?, ?, ?)",
      anchor,
      field,
      value,
      actor,
      now_ms,
    );
  });
}

export interface AttackJudgementRow {
  judgement_id: number;
  /** The event by which the attack was known when it was judged. */
  anchor: string;
  field: AttackJudgementField;
  value: string;
  actor: string;
  made_ms: number;
}

export function makeAttackJudgement(
  state: StateDatabase,
  actor: string,
  anchor: string,
  field: AttackJudgementField,
  value: string,
  now_ms: number,
): void {
  const details = field === 'comment' ? { field } : { field, value };
  state.change(actor, 'judge attack', anchor, details, () => {
    state.run(
      "INSERT INTO judgement (subject, anchor, field, value, actor, made_ms) VALUES ('attack', ?, ?, ?, ?, ?)",
      ...[anchor, field, value, actor, now_ms],
    );
  });
}

/** All judgements of attacks, the oldest first. */
export const listAttackJudgements = (state: StateDatabase): AttackJudgementRow[] =>
  state.all<AttackJudgementRow>(
    "SELECT judgement_id, anchor, field, value, actor, made_ms FROM judgement WHERE subject = 'attack' ORDER BY judgement_id",
  );

/** All judgements of incidents, the oldest first. */
export const listJudgements = (state: StateDatabase): AnchoredJudgement[] =>
  state.all<AnchoredJudgement>(
    "SELECT judgement_id, anchor, field, value, actor, made_ms FROM judgement WHERE subject = 'incident' ORDER BY judgement_id",
  );

export const findAnchor = (state: StateDatabase, number: number): string | null =>
  state.get<{ anchor: string }>('SELECT anchor FROM incident_number WHERE number = ?', number)?.anchor ??
  null;

/** What counts of some judgements: the newest of each field that was not taken back. */
export function settle<T extends { field: string; value: string }>(
  judgements: readonly T[],
): Map<T['field'], T> {
  const settled = new Map<T['field'], T>();
  for (const judgement of judgements) {
    if (judgement.value === '') settled.delete(judgement.field);
    else settled.set(judgement.field, judgement);
  }
  return settled;
}
