/**
 * What analysts decided about single attacks: it counts before what the rules say. It hangs on the event by which the
 * attack was known, and holds for whatever attack has that event later; where several are joined, the newest of a field.
 */

import type { Evidence } from '@apiary/model/taxonomy.ts';
import {
  type Result,
  results,
  stages,
  type Tool,
  tools,
  type Weakness,
  weaknesses,
} from '@apiary/model/taxonomy.ts';
import type { StateDatabase } from '../state/database.ts';
import { type AttackJudgementRow, listAttackJudgements, settle } from '../state/judgements.ts';
import type { Store } from '../store/store.ts';
import type { AttackJudgement } from './judge-attack.ts';

/** Ids that one query names: its text must fit into the engine's longest. */
const anchors_at_once = 5000;
const setting = 'attack_judgements_written';

/** What the rules said where people said something else. */
export type RulesSaid = Pick<AttackJudgement, 'tool' | 'tool_confidence' | 'weakness' | 'stage' | 'results'>;

export type Decided = Map<AttackJudgementRow['field'], AttackJudgementRow>;

const isOf = <T extends string>(list: readonly { name: T }[], value: string): value is T =>
  list.some(({ name }) => name === value);

/** @returns the judgement with what was decided in it, and what the rules had said */
export function layOver(
  judgement: AttackJudgement,
  decided: Decided | undefined,
): { judgement: AttackJudgement; rules?: RulesSaid } {
  const laid = { ...judgement, evidence: [...judgement.evidence] };
  const tell = (about: string, says: string, { actor }: AttackJudgementRow): void => {
    const reason: Evidence = {
      about,
      says,
      rule: 'person',
      weight: 1,
      because: `${actor} decided it`,
      events: [],
    };
    laid.evidence.unshift(reason);
  };
  const of = (field: AttackJudgementRow['field']): AttackJudgementRow | undefined => decided?.get(field);
  const [tool, weakness, stage, result] = [of('tool'), of('weakness'), of('stage'), of('results')];
  if (tool !== undefined && isOf<Tool>(tools, tool.value)) {
    laid.tool = tool.value;
    laid.tool_confidence = 1;
    tell('tool', tool.value, tool);
  }
  if (weakness !== undefined && isOf<Weakness>(weaknesses, weakness.value)) {
    laid.weakness = weakness.value;
    tell('weakness', weakness.value, weakness);
  }
  if (stage !== undefined && isOf(stages, stage.value)) {
    laid.stage = stage.value;
    tell('stage', stage.value, stage);
  }
  if (result !== undefined) {
    laid.results = result.value.split(', ').filter((one): one is Result => isOf(results, one));
    tell('result', result.value, result);
  }
  if (laid.evidence.length === judgement.evidence.length) return { judgement };
  const { tool: said, tool_confidence, weakness: kind, stage: far, results: came } = judgement;
  return {
    judgement: laid,
    rules: { tool: said, tool_confidence, weakness: kind, stage: far, results: came },
  };
}

export class Decisions {
  readonly #store: Store;
  readonly #state: StateDatabase;

  constructor(store: Store, state: StateDatabase) {
    this.#store = store;
    this.#state = state;
  }

  /** What holds of each attack that was judged, by the attack that has the event today. */
  async read(): Promise<Map<string, Decided>> {
    const rows = listAttackJudgements(this.#state);
    const homes = await this.#findHomes(rows);
    const by_attack = Map.groupBy(rows, ({ anchor }) => homes.get(anchor) ?? '');
    by_attack.delete('');
    return new Map([...by_attack].map(([attack_id, list]) => [attack_id, settle(list)]));
  }

  /** Attacks about which something was said since `noteWritten`. */
  async findChanged(): Promise<string[]> {
    const written = this.#written();
    const fresh = listAttackJudgements(this.#state).filter(({ judgement_id }) => judgement_id > written);
    return [...new Set((await this.#findHomes(fresh)).values())];
  }

  get revision(): number {
    return listAttackJudgements(this.#state).at(-1)?.judgement_id ?? 0;
  }

  get is_written(): boolean {
    return this.#written() >= this.revision;
  }

  #written(): number {
    const row = this.#state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', setting);
    return Number(row?.value ?? 0);
  }

  /** @param revision as it was before what is written now was read */
  noteWritten(revision: number): void {
    if (this.#written() === revision) return;
    this.#state.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', setting, String(revision));
  }

  async #findHomes(rows: readonly AttackJudgementRow[]): Promise<Map<string, string>> {
    const anchors = [...new Set(rows.map(({ anchor }) => anchor))].map((id) => BigInt(id));
    const homes = new Map<string, string>();
    for (let at = 0; at < anchors.length; at += anchors_at_once) {
      const found = await this.#store.query<{ event_id: string; attack_id: string }>(
        `SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event
         WHERE event_id IN (${anchors.slice(at, at + anchors_at_once).join(', ')}) GROUP BY event_id HAVING attack_id != 0`,
      );
      for (const { event_id, attack_id } of found) homes.set(event_id, attack_id);
    }
    return homes;
  }
}
