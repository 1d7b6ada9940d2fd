/**
 * What analysts joined and set apart, laid over the incidents that linking found. It goes in the order in which it was
 * said: a split takes attacks out of wherever they are and makes one incident of them; a join makes one of the incidents
 * that hold its attacks. Only incidents that hold a named attack are touched, so that all others cost nothing.
 */

import type { StateDatabase } from '../state/database.ts';
import { listGroupings, type StoredGrouping } from '../state/groupings.ts';
import type { Store } from '../store/store.ts';
import type { Link } from './link-rules.ts';
import type { LinkedIncident, Linker } from './linker.ts';

export interface LinkChange {
  changed: readonly LinkedIncident[];
  gone: readonly string[];
}

/** Beginnings of the attacks that are known. */
export type Beginnings = ReadonlyMap<string, { first_us: number }>;

type Member = LinkedIncident['attacks'][number];

/** A link that a person made. */
const byPerson = (to: string, actor: string): Link => ({
  to,
  kind: 'person',
  value: actor,
  weight: 1,
  share: 0,
});

/** What a grouping names, as attacks. */
interface Named extends Pick<StoredGrouping, 'kind' | 'actor'> {
  attacks: string[];
}

/** @returns the groups after all that was said */
export function regroup(
  groups: readonly Member[][],
  said: readonly Named[],
  beginnings: Beginnings,
): Member[][] {
  let all = groups.map((group) => [...group]);
  const order = (a: Member, b: Member): number =>
    beginnings.get(a.attack_id)!.first_us - beginnings.get(b.attack_id)!.first_us ||
    (BigInt(a.attack_id) < BigInt(b.attack_id) ? -1 : 1);
  for (const { kind, attacks, actor } of said) {
    const named = new Set(attacks);
    if (kind === 'split') {
      const apart = all.flat().filter(({ attack_id }) => named.has(attack_id));
      const rest = all.map((group) => group.filter(({ attack_id }) => !named.has(attack_id)));
      all = [...rest, apart].filter((group) => group.length > 0);
      continue;
    }
    const joined = all.filter((group) => group.some(({ attack_id }) => named.has(attack_id)));
    if (joined.length < 2) continue;
    const in_order = joined.map((group) => group.sort(order)).sort((a, b) => order(a[0]!, b[0]!));
    const first = in_order[0]![0]!.attack_id;
    const together = in_order.flatMap((group, index) =>
      group.map((member, place) =>
        index > 0 && place === 0
          ? { ...member, reasons: [byPerson(first, actor), ...member.reasons] }
          : member,
      ),
    );
    all = [...all.filter((group) => !joined.includes(group)), together];
  }
  // What ties to an attack that stands apart ties no more.
  return all.map((group) => {
    const here = new Set(group.map(({ attack_id }) => attack_id));
    return group
      .sort(order)
      .map(({ attack_id, reasons }) => ({ attack_id, reasons: reasons.filter(({ to }) => here.has(to)) }));
  });
}

export class Groupings {
  readonly #store: Store;
  readonly #state: StateDatabase;
  /** Incidents made by groupings, as they were told last: their attacks by their id. */
  #told = new Map<string, string[]>();

  constructor(store: Store, state: StateDatabase) {
    this.#store = store;
    this.#state = state;
  }

  /** @returns what linking told, with what people said laid over it */
  async apply({ changed, gone }: LinkChange, linker: Linker, beginnings: Beginnings): Promise<LinkChange> {
    const said = await this.#readSaid(beginnings);
    if (said.length === 0 && this.#told.size === 0) return { changed, gone };
    const touched = new Map<string, LinkedIncident>();
    for (const attack of said.flatMap(({ attacks }) => attacks)) {
      const incident = linker.incidentOf(attack);
      if (incident !== undefined) touched.set(incident.incident_id, incident);
    }
    const groups = regroup(
      [...touched.values()].map(({ attacks }) => attacks),
      said,
      beginnings,
    );
    const made = groups.map((attacks): LinkedIncident => ({ incident_id: attacks[0]!.attack_id, attacks }));
    const now = new Map(made.map((one) => [one.incident_id, one.attacks.map(({ attack_id }) => attack_id)]));
    // Incidents that groupings made no longer are again as linking has them.
    const freed = new Map<string, LinkedIncident>();
    for (const attack of [...this.#told.values()].flat()) {
      const incident = linker.incidentOf(attack);
      if (incident !== undefined && !touched.has(incident.incident_id))
        freed.set(incident.incident_id, incident);
    }
    const plain = changed.filter(({ incident_id }) => !touched.has(incident_id) && !freed.has(incident_id));
    const is_touched = changed.some(({ incident_id }) => touched.has(incident_id));
    const told = made.filter(
      ({ incident_id }) => is_touched || String(this.#told.get(incident_id)) !== String(now.get(incident_id)),
    );
    const here = new Set([...plain, ...freed.values(), ...made].map(({ incident_id }) => incident_id));
    const has_moved = is_touched || told.length > 0 || freed.size > 0;
    const before = has_moved ? [...gone, ...this.#told.keys(), ...touched.keys()] : gone;
    this.#told = now;
    return {
      changed: [...plain, ...freed.values(), ...told],
      gone: [...new Set(before)].filter((id) => !here.has(id)),
    };
  }

  async #readSaid(beginnings: Beginnings): Promise<Named[]> {
    const groupings = listGroupings(this.#state);
    const events = [...new Set(groupings.flatMap((one) => one.events))];
    if (events.length === 0) return [];
    const rows = await this.#store.query<{ event_id: string; attack_id: string }>(
      `SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event
       WHERE event_id IN (${events.map((id) => BigInt(id)).join(', ')}) GROUP BY event_id`,
    );
    const attack_of = new Map(rows.map(({ event_id, attack_id }) => [event_id, attack_id]));
    return groupings.map(({ kind, actor, events: named }) => ({
      ...{ kind, actor },
      // An event that expired or was erased names nothing any more.
      attacks: named.map((id) => attack_of.get(id) ?? '').filter((attack) => beginnings.has(attack)),
    }));
  }
}
