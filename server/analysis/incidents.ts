/** Incidents: their numbers, what they are, and their rows in the engine. */
import { stageRank, stages } from '@apiary/model/taxonomy.ts';
import type { StateDatabase } from '../state/database.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { showMicroseconds } from './attack-row.ts';
import type { AttackRecord } from './attack-table.ts';
import { limits } from './gathering.ts';
import { judgeIncident } from './judge-incident.ts';
import type { LinkedIncident } from './linker.ts';
import { RowWriter } from './row-writer.ts';

/** Anchors that one query names. */
const anchors_at_once = 20_000;
/** Attacks of an incident among which one is sought that a number can hang on. */
const anchors_tried = 50;
const listed_max = 50;
/** Numbers given in one transaction: the server writes to the same state beside. */
const numbers_at_once = 500;

interface Told {
  changed: readonly LinkedIncident[];
  gone: readonly string[];
}

export class Incidents {
  readonly #store: Store;
  readonly #state: StateDatabase;
  readonly #now: () => number;
  /** Number by the attack that holds its anchor. */
  readonly #numbers = new Map<string, number>();
  /** Incident of each attack. */
  readonly #of_attack = new Map<string, string>();

  constructor(store: Store, state: StateDatabase, now_ms: () => number) {
    this.#store = store;
    this.#state = state;
    this.#now = now_ms;
  }

  /** The incident that an attack belongs to now. */
  incidentOf(attack_id: string): string | undefined {
    return this.#of_attack.get(attack_id);
  }

  /** Takes over what earlier passes found. */
  async load({ changed }: Told, attacks: ReadonlyMap<string, AttackRecord>): Promise<void> {
    for (const { number, anchor } of this.#state.all<{ number: number; anchor: string }>(
      'SELECT number, anchor FROM incident_number ORDER BY number DESC',
    ))
      this.#numbers.set(anchor, number);
    await this.#moveAnchors([...this.#numbers.keys()].filter((anchor) => !attacks.has(anchor)));
    for (const incident of changed) this.#place(incident);
  }

  /** Ids of those that stand in the engine. */
  async listStored(): Promise<string[]> {
    const rows = await this.#store.query<{ incident_id: string }>(
      'SELECT incident_id FROM incident FINAL WHERE is_gone = 0',
      {},
      limits,
    );
    return rows.map(({ incident_id }) => incident_id);
  }

  #place({ incident_id, attacks }: LinkedIncident): void {
    for (const { attack_id } of attacks) this.#of_attack.set(attack_id, incident_id);
  }

  async write(
    { changed, gone }: Told,
    attacks: ReadonlyMap<string, AttackRecord>,
    attacks_gone: readonly string[],
    pass: number,
  ): Promise<void> {
    await this.#moveAnchors(attacks_gone);
    for (const attack_id of attacks_gone) this.#of_attack.delete(attack_id);
    for (const incident of changed) this.#place(incident);
    const numbers = this.#giveNumbers(changed, await this.#findLent(changed));
    const rendering = this.#store.rendering;
    // Made while they are written: those of all incidents at once take much room.
    const insert = (table: string, rows: Iterable<object>): Promise<void> =>
      new RowWriter(this.#store, storedName(table, rendering)).addAll(rows);
    await insert('incident_attack', describeLinks(changed, attacks, pass));
    await insert('incident', describeAll({ changed, gone }, attacks, numbers, pass));
  }

  /** A number's event may belong to another attack now: the number goes with it. */
  async #moveAnchors(attacks_gone: readonly string[]): Promise<void> {
    const anchors = attacks_gone.filter((attack_id) => this.#numbers.has(attack_id));
    for (let begin = 0; begin < anchors.length; begin += anchors_at_once)
      await this.#moveSome(anchors.slice(begin, begin + anchors_at_once));
  }

  async #moveSome(anchors: readonly string[]): Promise<void> {
    const rows = await this.#store.query<{ event_id: string; attack_id: string }>(
      `SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event WHERE event_id IN (${anchors.join(', ')}) GROUP BY event_id`,
    );
    for (const { event_id, attack_id } of rows) {
      const number = this.#numbers.get(event_id)!;
      this.#numbers.delete(event_id);
      const there = this.#numbers.get(attack_id);
      this.#numbers.set(attack_id, there === undefined ? number : Math.min(there, number));
    }
  }

  /**
   * Attacks that begin with an event that has no address of its own, of incidents that need a number. Such an event is
   * nobody's again when somebody else turns up, so that no number may hang on it.
   */
  async #findLent(incidents: readonly LinkedIncident[]): Promise<ReadonlySet<string>> {
    const lent = new Set<string>();
    const asked = incidents
      .filter(
        ({ attacks }) => attacks.length > 1 && !attacks.some(({ attack_id }) => this.#numbers.has(attack_id)),
      )
      .flatMap(({ attacks }) => attacks.slice(0, anchors_tried).map(({ attack_id }) => attack_id));
    for (let begin = 0; begin < asked.length; begin += anchors_at_once) {
      const rows = await this.#store.query<{ event_id: string }>(
        `SELECT DISTINCT event_id FROM attribution WHERE event_id IN (${asked.slice(begin, begin + anchors_at_once).join(', ')})`,
        {},
        limits,
      );
      for (const { event_id } of rows) lent.add(event_id);
    }
    return lent;
  }

  /** The smallest number of its attacks; a new one where none has any. */
  #giveNumbers(incidents: readonly LinkedIncident[], lent: ReadonlySet<string>): Map<string, number> {
    const given = new Map<string, number>();
    // The earliest first, so that numbers follow time as far as they can.
    const in_order = incidents.toSorted((a, b) => (a.incident_id < b.incident_id ? -1 : 1));
    for (let begin = 0; begin < in_order.length; begin += numbers_at_once)
      this.#giveSome(in_order.slice(begin, begin + numbers_at_once), lent, given);
    return given;
  }

  #giveSome(
    incidents: readonly LinkedIncident[],
    lent: ReadonlySet<string>,
    given: Map<string, number>,
  ): void {
    this.#state.transact(() => {
      for (const { incident_id, attacks } of incidents) {
        const known = attacks
          .map(({ attack_id }) => this.#numbers.get(attack_id))
          .filter((number) => number !== undefined);
        if (known.length > 0) {
          given.set(
            incident_id,
            known.reduce((a, b) => Math.min(a, b)),
          );
          continue;
        }
        const anchor = attacks.find(({ attack_id }) => !lent.has(attack_id))?.attack_id ?? incident_id;
        const { changes, id } = this.#state.run(
          'INSERT OR IGNORE INTO incident_number (anchor, given_ms) VALUES (?, ?)',
          anchor,
          this.#now(),
        );
        const number =
          changes === 1
            ? id
            : this.#state.get<{ number: number }>(
                'SELECT number FROM incident_number WHERE anchor = ?',
                anchor,
              )!.number;
        this.#numbers.set(anchor, number);
        given.set(incident_id, number);
      }
    });
  }
}

function* describeLinks(
  incidents: readonly LinkedIncident[],
  attacks: ReadonlyMap<string, AttackRecord>,
  pass: number,
): Generator<object> {
  for (const { incident_id, attacks: list } of incidents)
    for (const { attack_id, reasons } of list)
      yield {
        attack_id,
        pass,
        sensor_id: attacks.get(attack_id)!.sensor_id,
        incident_id,
        links: JSON.stringify(reasons),
      };
}

function* describeAll(
  { changed, gone }: Told,
  attacks: ReadonlyMap<string, AttackRecord>,
  numbers: ReadonlyMap<string, number>,
  pass: number,
): Generator<object> {
  for (const incident of changed)
    yield describeIncident(incident, attacks, numbers.get(incident.incident_id)!, pass);
  for (const incident_id of gone) yield { incident_id, pass, is_gone: 1 };
}

function describeIncident(
  { incident_id, attacks: list }: LinkedIncident,
  attacks: ReadonlyMap<string, AttackRecord>,
  number: number,
  pass: number,
): object {
  const records = list.map(({ attack_id }) => attacks.get(attack_id)!);
  const distinct = <T>(values: T[]): T[] => [...new Set(values)].slice(0, listed_max);
  const judgement = judgeIncident(records);
  const farthest = records.reduce((most, { stage }) => Math.max(most, stageRank(stage)), 0);
  return {
    incident_id,
    pass,
    is_gone: 0,
    sensor_id: records[0]!.sensor_id,
    number,
    first_ts: showMicroseconds(
      records.reduce((least, one) => Math.min(least, one.first_us), records[0]!.first_us),
    ),
    last_ts: showMicroseconds(records.reduce((most, one) => Math.max(most, one.last_us), 0)),
    attacks: records.length,
    events: records.reduce((sum, one) => sum + one.events, 0),
    sources: new Set(records.map(({ source, net }) => `${source} ${net}`)).size,
    sensors: distinct(records.flatMap(({ sensors }) => sensors)),
    countries: distinct(records.map(({ country }) => country).filter((country) => country !== '')),
    services: distinct(records.map(({ service }) => service).filter((service) => service !== '')),
    stage: stages[farthest]!.name,
    tools: distinct(records.map(({ tool }) => tool)),
    families: distinct(records.flatMap(({ families }) => families)),
    attacker: judgement.attacker,
    attacker_confidence: judgement.attacker_confidence,
    objectives: judgement.objectives,
    evidence: JSON.stringify(judgement.evidence),
  };
}
