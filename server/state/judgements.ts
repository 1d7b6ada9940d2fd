/** What analysts decided about incidents: appended, never changed; the newest of a field counts. */
import type { Judgement } from '@apiary/model/api/incidents.ts';
import type { JudgementField } from '@apiary/model/incident-words.ts';
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

/** All judgements, the oldest first. */
export const listJudgements = (state: StateDatabase): AnchoredJudgement[] =>
  state.all<AnchoredJudgement>(
    "SELECT judgement_id, anchor, field, value, actor, made_ms FROM judgement WHERE subject = 'incident' ORDER BY judgement_id",
  );

export const findAnchor = (state: StateDatabase, number: number): string | null =>
  state.get<{ anchor: string }>('SELECT anchor FROM incident_number WHERE number = ?', number)?.anchor ??
  null;

/** What counts of some judgements: the newest of each field that was not taken back. */
export function settle(judgements: readonly Judgement[]): Map<JudgementField, Judgement> {
  const settled = new Map<JudgementField, Judgement>();
  for (const judgement of judgements) {
    if (judgement.value === '') settled.delete(judgement.field);
    else settled.set(judgement.field, judgement);
  }
  return settled;
}
