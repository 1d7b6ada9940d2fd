/**
 * What a pass asks the engine for and tells it of events: which sources new events touch, the attacks of a choice of
 * events, and which attack each event belongs to. The tables that it fills are of this process alone.
 */
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { type GatheredAttack, readGathered, showMicroseconds } from './attack-row.ts';
import {
  type AttackScope,
  assignedSql,
  attacksSql,
  attributableSql,
  type EventChoice,
  eventsSql,
  frozen_statement,
  frozen_table,
  netSql,
  source_sql,
  staged_table,
  stageSql,
  window_statement,
  window_table,
} from './attack-sql.ts';
import type { AttackRecord } from './attack-table.ts';
import { RowWriter } from './row-writer.ts';
import type { Window } from './visits.ts';

export const limits = { rows_max: 10_000_000, seconds_max: 600 };

/** Events that are gone through at once; more are cut by their sources. */
const bucket_events = 100_000;
/** Events that lie in the staged table at once, as a bound of what it takes of the disk. */
const staged_events = 20_000_000;

/** At a start, events of so many days are looked through for what was not analysed. */
const look_back_days = 60;

export interface Touched {
  source: string;
  net: number;
  from_ts: string;
  to_ts: string;
  /** Of the new events. */
  events: string;
}

const timestamp = (us: number): string => `toDateTime64('${showMicroseconds(us)}', 6, 'UTC')`;

export class Gathering {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Empties what an earlier process may have left, and makes what is filled again and again. */
  async begin(): Promise<void> {
    // The engine may have been started anew since.
    await this.#store.command(window_statement);
    await this.#store.command(frozen_statement);
    for (const table of [staged_table, assignedTable(0), assignedTable(1)])
      await this.#store.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  }

  /** Writes down until when the events of frozen visits lie. */
  async fillFrozen(attacks: Iterable<AttackRecord>, kept_from_us: number): Promise<void> {
    const ends = new Map<string, { source: string; net: number; to_us: number }>();
    for (const { source, net, visit_us, visit_end_us } of attacks) {
      if (visit_us >= kept_from_us || visit_end_us < kept_from_us) continue;
      const key = `${source} ${net}`;
      ends.set(key, { source, net, to_us: Math.max(visit_end_us, ends.get(key)?.to_us ?? 0) });
    }
    await this.#store.command(`TRUNCATE TABLE ${frozen_table}`);
    await this.#store.insertRows(
      frozen_table,
      [...ends.values()].map(({ source, net, to_us }) => ({ source, net, to_ts: showMicroseconds(to_us) })),
    );
  }

  async fillWindows(windows: readonly Window[]): Promise<void> {
    await this.#store.command(`TRUNCATE TABLE ${window_table}`);
    const rows = windows.values().map(({ source, net, from_us, to_us }) => ({
      ...{ source, net },
      from_ts: showMicroseconds(from_us),
      to_ts: showMicroseconds(to_us),
    }));
    await new RowWriter(this.#store, window_table).addAll(rows);
  }

  async countEvents(scope: AttackScope, attributed: boolean): Promise<number> {
    const [row] = await this.#store.query<{ events: string }>(
      `SELECT count() AS events FROM ${eventsSql(attributed)} WHERE ${attributableSql(scope)}`,
    );
    return Number(row?.events ?? 0);
  }

  /** Segments with events that no pass has seen. */
  async findUnseen(scope: AttackScope): Promise<string[]> {
    const rows = await this.#store.query<{ segment_id: string }>(
      `SELECT DISTINCT segment_id FROM event
       WHERE collect_ts >= now() - INTERVAL ${look_back_days} DAY
         AND (${attributableSql(scope)} AND event_id GLOBAL NOT IN (SELECT event_id FROM attack_event)
           OR attacker_ip = toIPv6('::') AND event_id GLOBAL NOT IN (SELECT event_id FROM attribution))`,
      {},
      limits,
    );
    return rows.map(({ segment_id }) => segment_id);
  }

  /**
   * Sources with stretches that new events touch, or events that are another's now.
   * @param moved_since the pass since which events may have got another attacker; undefined where none has
   */
  async findTouched(
    scope: AttackScope,
    segments: readonly string[],
    attributed: boolean,
    moved_since: number | undefined,
  ): Promise<Touched[]> {
    const of_source = `${source_sql} AS source, ${netSql(scope)} AS net, min(detect_ts) AS from_ts, max(detect_ts) AS to_ts, count() AS events`;
    const rows = await this.#store.query<Touched>(
      `SELECT ${of_source} FROM ${eventsSql(attributed)}
       WHERE ${attributableSql(scope)} AND segment_id IN (${segments.join(', ')}) GROUP BY source, net`,
      {},
      limits,
    );
    if (moved_since === undefined) return rows;
    const others = await this.#store.query<Touched>(
      `SELECT ${of_source} FROM (
         SELECT arrayJoin([attacker_ip, previous_ip]) AS attacker_ip, sensor_id, detect_ts FROM attribution FINAL
         WHERE pass >= ${moved_since}
       ) WHERE ${attributableSql(scope)} GROUP BY source, net`,
      {},
      limits,
    );
    const by_source = Map.groupBy([...rows, ...others], ({ source, net }) => `${source} ${net}`);
    return [...by_source.values()].map((list) => ({
      ...list[0]!,
      from_ts: list.map(({ from_ts }) => from_ts).sort()[0]!,
      to_ts: list
        .map(({ to_ts }) => to_ts)
        .sort()
        .at(-1)!,
      events: String(list.reduce((sum, { events }) => sum + Number(events), 0)),
    }));
  }

  /** The events of windows that were filled, and no others. */
  chooseWindows(windows: readonly Window[], attributed: boolean, fresh: readonly string[]): EventChoice {
    const from_us = windows.reduce(
      (least, window) => Math.min(least, window.from_us),
      Number.POSITIVE_INFINITY,
    );
    const to_us = windows.reduce((most, window) => Math.max(most, window.to_us), 0);
    return {
      where: `detect_ts >= ${timestamp(from_us)} AND detect_ts <= ${timestamp(to_us)}`,
      windows: true,
      attributed,
      fresh,
    };
  }

  /** The attacks of the chosen events; which event is whose lies in the engine until `assign`. */
  async gather(scope: AttackScope, choice: EventChoice): Promise<GatheredAttack[]> {
    const { rows } = await this.#ask(scope, choice, 0);
    const attacks: GatheredAttack[] = [];
    for await (const some of rows) for (const row of some) attacks.push(readGathered(row));
    return attacks;
  }

  async #ask(scope: AttackScope, choice: EventChoice, slot: 0 | 1): Promise<Answer> {
    const assigned = assignedTable(slot);
    await this.#store.command(`CREATE TABLE ${assigned} ENGINE = Memory AS ${assignedSql(scope, choice)}`);
    return this.#store.queryRows(attacksSql(scope, choice, assigned), {}, limits);
  }

  /** Writes which attack each event that was gathered belongs to. */
  async assign(pass: number, now_us: number, which = 'true', slot: 0 | 1 = 0): Promise<void> {
    await this.#store.command(
      `INSERT INTO ${storedName('attack_event', this.#store.rendering)} (event_id, sensor_id, assignment, analysis_ts)
       SELECT event_id, sensor_id, tuple(toUInt64(${pass}), attack_id), ${timestamp(now_us)} FROM ${assignedTable(slot)} WHERE ${which}`,
    );
    await this.#store.command(`DROP TABLE ${assignedTable(slot)} SYNC`);
  }

  /**
   * The attacks of all events, some of them at a time: the engine gathers the next ones while these are with the caller,
   * who has written those before when asking for more.
   * @param events how many there are
   */
  async *gatherAll(
    scope: AttackScope,
    attributed: boolean,
    { events, pass, now_us }: { events: number; pass: number; now_us: () => number },
  ): AsyncGenerator<GatheredAttack[]> {
    const count = Math.max(1, Math.ceil(events / bucket_events));
    const buckets_at_once = Math.max(1, Math.floor(staged_events / bucket_events));
    const all: EventChoice = { where: 'true', attributed };
    for (let from = 0; from < count; from += buckets_at_once) {
      const to = Math.min(count, from + buckets_at_once);
      if (count > 1) await this.#store.command(stageSql(scope, all, { count, from, to }));
      const ask = (bucket: number): Promise<Answer> => {
        const answer = this.#ask(scope, count > 1 ? { ...all, bucket } : all, slotOf(bucket));
        // Awaited later; until then an error is nobody's.
        answer.catch(() => undefined);
        return answer;
      };
      let next = ask(from);
      try {
        for (let bucket = from; bucket < to; bucket += 1) {
          const { rows } = await next;
          if (bucket + 1 < to) next = ask(bucket + 1);
          await this.assign(pass, now_us(), 'true', slotOf(bucket));
          for await (const some of rows) yield some.map(readGathered);
        }
      } finally {
        // Of a pass that failed nothing goes on when the next one begins.
        await next.then(({ close }) => close()).catch(() => undefined);
      }
      await this.#store.command(`DROP TABLE IF EXISTS ${staged_table} SYNC`);
    }
  }

  /** Events that are nobody's any more belong to no attack. */
  async unassign(pass: number, moved_since: number): Promise<void> {
    await this.#store.command(
      `INSERT INTO ${storedName('attack_event', this.#store.rendering)} (event_id, sensor_id, assignment, analysis_ts)
       SELECT event_id, a.sensor_id, tuple(toUInt64(${pass}), toUInt64(0)), e.analysis_ts
       FROM (SELECT event_id, sensor_id FROM attribution FINAL WHERE pass >= ${moved_since} AND attacker_ip = toIPv6('::') AND previous_ip != toIPv6('::')) AS a
       GLOBAL INNER JOIN (SELECT event_id, min(analysis_ts) AS analysis_ts FROM attack_event GROUP BY event_id) AS e USING event_id`,
    );
  }
}

type Answer = Awaited<ReturnType<typeof Store.prototype.queryRows<Record<string, unknown>>>>;

const slotOf = (bucket: number): 0 | 1 => (bucket % 2) as 0 | 1;
/** Which attack each gathered event belongs to; two, so that one is written from while the other is filled. */
const assignedTable = (slot: 0 | 1): string => `analysis_assigned_${slot}`;
