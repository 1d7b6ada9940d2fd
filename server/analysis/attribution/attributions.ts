/**
 * Keeps the table `attribution` true: before a pass looks for attacks, the events without an address that new events
 * may tell about are judged anew, and where the answer has changed, a row is written.
 */
import type { Store } from '../../store/store.ts';
import { storedName } from '../../store/template.ts';
import { readMicroseconds, showMicroseconds } from '../attack-row.ts';
import { type AttackScope, attributableSql, gatewaySql, source_sql } from '../attack-sql.ts';
import { type Attribution, attribute, type Known, type Nameless } from './rules.ts';

const limits = { rows_max: 2_000_000, seconds_max: 600 };
/** Nameless events that are judged at once. */
const nameless_max = 20_000;
/** Where so many events with addresses stand around them, fewer are judged at once. */
const known_max = 300_000;
const command_bytes = 1000;

const nowhere = '::';
const is_nameless = "attacker_ip = toIPv6('::')";
const is_active = `(action = 'authenticate' AND outcome = 'success' OR action IN ('input', 'download', 'read', 'copy', 'steal', 'modify', 'delete', 'bypass'))`;
const at = (us: number): string => `toDateTime64('${showMicroseconds(us)}', 6, 'UTC')`;

interface Stretch {
  sensors: readonly number[];
  from_us: number;
  to_us: number;
}

interface Told {
  attacker_ip: string;
  rule: string;
  witness: string;
}

const untold: Told = { attacker_ip: nowhere, rule: '', witness: '0' };

export class Attributions {
  readonly #store: Store;
  /** Sensors that have shown events without an address. */
  #nameless_sensors = new Set<number>();
  /** Whether any event has got an address here; without one the analysis need not look. */
  is_any = false;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<void> {
    const rows = await this.#store.query<{ sensor_id: number; told: number }>(
      `SELECT sensor_id, max(attacker_ip != toIPv6('::')) AS told FROM attribution GROUP BY sensor_id`,
      {},
      limits,
    );
    this.#nameless_sensors = new Set(rows.map(({ sensor_id }) => sensor_id));
    this.is_any = rows.some(({ told }) => told === 1);
  }

  /**
   * @param segments those whose events are new; absent: all events are
   * @returns how many events have another attacker than before
   */
  async update(scope: AttackScope, pass: number, segments?: readonly string[]): Promise<number> {
    const stretches =
      segments === undefined ? await this.#findAll(scope) : await this.#findNew(scope, segments);
    let changed = 0;
    for (const stretch of stretches) changed += await this.#judge(scope, stretch, pass);
    return changed;
  }

  async #findAll(scope: AttackScope): Promise<Stretch[]> {
    const rows = await this.#store.query<StretchRow>(
      `SELECT sensor_id, min(detect_ts) AS from_ts, max(detect_ts) AS to_ts FROM event WHERE ${is_nameless} GROUP BY sensor_id`,
      {},
      limits,
    );
    for (const { sensor_id } of rows) this.#nameless_sensors.add(sensor_id);
    return this.#join(scope, rows, 0);
  }

  async #findNew(scope: AttackScope, segments: readonly string[]): Promise<Stretch[]> {
    const chosen = `segment_id IN (${segments.join(', ')})`;
    const fresh = await this.#store.query<StretchRow>(
      `SELECT sensor_id, min(detect_ts) AS from_ts, max(detect_ts) AS to_ts FROM event WHERE ${is_nameless} AND ${chosen} GROUP BY sensor_id`,
      {},
      limits,
    );
    for (const { sensor_id } of fresh) this.#nameless_sensors.add(sensor_id);
    // What came with an address may tell of those without one around it, on the same honeypot.
    const watched = [...this.#nameless_sensors].flatMap((sensor_id) => sensorsBeside(scope, sensor_id));
    const telling =
      watched.length === 0
        ? []
        : await this.#store.query<StretchRow>(
            `SELECT sensor_id, min(detect_ts) AS from_ts, max(detect_ts) AS to_ts FROM event
             WHERE NOT ${is_nameless} AND ${chosen} AND sensor_id IN (${[...new Set(watched)].join(', ')}) GROUP BY sensor_id`,
            {},
            limits,
          );
    const pause_us = scope.pause_seconds * 1_000_000;
    return [...this.#join(scope, fresh, 0), ...this.#join(scope, telling, pause_us)];
  }

  /** Stretches of honeypots, widened on both sides. */
  #join(scope: AttackScope, rows: readonly StretchRow[], wider_us: number): Stretch[] {
    const by_honeypot = Map.groupBy(rows, ({ sensor_id }) => sensorsBeside(scope, sensor_id).join(' '));
    return [...by_honeypot.values()].map((list) => ({
      sensors: sensorsBeside(scope, list[0]!.sensor_id),
      from_us: Math.min(...list.map(({ from_ts }) => readMicroseconds(from_ts))) - wider_us,
      to_us: Math.max(...list.map(({ to_ts }) => readMicroseconds(to_ts))) + wider_us,
    }));
  }

  async #judge(scope: AttackScope, { sensors, to_us, ...stretch }: Stretch, pass: number): Promise<number> {
    // What told of older ones may have expired: they are as they were found.
    const from_us = Math.max(stretch.from_us, scope.kept_from_us);
    let changed = 0;
    let after = { us: from_us, event_id: '0' };
    for (;;) {
      const rows = await this.#store.query<NamelessRow>(
        `SELECT event_id, detect_ts, sensor_id, session, file_sha256, substring(command, 1, ${command_bytes}) AS command, target
         FROM event WHERE ${is_nameless} AND sensor_id IN (${sensors.join(', ')})
           AND (detect_ts, event_id) > (${at(after.us)}, ${after.event_id}) AND detect_ts >= ${at(from_us)} AND detect_ts <= ${at(to_us)}
         ORDER BY detect_ts, event_id LIMIT ${nameless_max}`,
        {},
        limits,
      );
      const nameless = rows.map(({ detect_ts, ...row }) => ({ ...row, ts_us: readMicroseconds(detect_ts) }));
      changed += await this.#judgeSome(scope, sensors, nameless, pass);
      const last = nameless.at(-1);
      if (last === undefined || nameless.length < nameless_max) return changed;
      after = { us: last.ts_us, event_id: last.event_id };
    }
  }

  async #judgeSome(
    scope: AttackScope,
    sensors: readonly number[],
    nameless: readonly Nameless[],
    pass: number,
  ): Promise<number> {
    if (nameless.length === 0) return 0;
    const pause_us = scope.pause_seconds * 1_000_000;
    const known = await this.#readKnown(scope, sensors, nameless, pause_us);
    if (known === undefined && nameless.length > 1) {
      const half = nameless.length >> 1;
      const first = await this.#judgeSome(scope, sensors, nameless.slice(0, half), pass);
      return first + (await this.#judgeSome(scope, sensors, nameless.slice(half), pass));
    }
    // Within an hour of one event so many others: nobody can be told apart there.
    const told = attribute(nameless, known ?? [], pause_us);
    const before = await this.#readTold(nameless);
    const rows = nameless.flatMap((one) => {
      const now = told.get(one.event_id);
      const was = before.get(one.event_id);
      const is_same =
        was !== undefined &&
        was.attacker_ip === (now?.known.attacker_ip ?? nowhere) &&
        was.rule === (now?.rule ?? '') &&
        was.witness === (now?.known.event_id ?? '0');
      return is_same ? [] : [describe(one, now, was ?? untold, pass)];
    });
    await this.#store.insertRows(storedName('attribution', this.#store.rendering), rows);
    if (told.size > 0) this.is_any = true;
    return rows.filter(({ attacker_ip, previous_ip }) => attacker_ip !== previous_ip).length;
  }

  async #readKnown(
    scope: AttackScope,
    sensors: readonly number[],
    nameless: readonly Nameless[],
    pause_us: number,
  ): Promise<Known[] | undefined> {
    const rows = await this.#store.query<KnownRow>(
      `SELECT event_id, detect_ts, sensor_id, attacker_ip, ${source_sql} AS source, ${gatewaySql(scope)} AS from_gateway,
         attacker_country, attacker_asn, session, file_sha256, substring(command, 1, ${command_bytes}) AS command, ${is_active} AS active
       FROM event WHERE ${attributableSql({ ...scope, gateways: [] })} AND sensor_id IN (${sensors.join(', ')})
         AND detect_ts >= ${at(nameless[0]!.ts_us - pause_us)} AND detect_ts <= ${at(nameless.at(-1)!.ts_us + pause_us)}
         AND (${is_active} OR session != '' OR file_sha256 != '')
       ORDER BY detect_ts, event_id LIMIT ${known_max + 1}`,
      {},
      limits,
    );
    if (rows.length > known_max) return undefined;
    return rows.map(({ detect_ts, active, from_gateway, ...row }) => ({
      ...row,
      ts_us: readMicroseconds(detect_ts),
      is_active: active === 1,
      is_gateway: from_gateway === 1,
    }));
  }

  async #readTold(nameless: readonly Nameless[]): Promise<Map<string, Told>> {
    const rows = await this.#store.query<Told & { event_id: string }>(
      `SELECT event_id, attacker_ip, rule, witness FROM attribution FINAL WHERE event_id IN (${nameless.map(({ event_id }) => event_id).join(', ')})`,
      {},
      limits,
    );
    return new Map(rows.map(({ event_id, ...told }) => [event_id, told]));
  }
}

interface StretchRow {
  sensor_id: number;
  from_ts: string;
  to_ts: string;
}
type NamelessRow = Omit<Nameless, 'ts_us'> & { detect_ts: string };
type KnownRow = Omit<Known, 'ts_us' | 'is_active' | 'is_gateway'> & {
  detect_ts: string;
  active: number;
  from_gateway: number;
};

function describe(one: Nameless, now: Attribution | undefined, was: Told, pass: number) {
  return {
    event_id: one.event_id,
    sensor_id: one.sensor_id,
    detect_ts: showMicroseconds(one.ts_us),
    pass,
    attacker_ip: now?.known.attacker_ip ?? nowhere,
    attacker_country: now?.known.attacker_country ?? '',
    attacker_asn: now?.known.attacker_asn ?? 0,
    previous_ip: was.attacker_ip,
    rule: now?.rule ?? '',
    confidence: now?.confidence ?? 0,
    because: now?.because ?? '',
    witness: now?.known.event_id ?? '0',
  };
}

/** The sensors of the honeypot of a sensor, itself among them. */
function sensorsBeside({ honeypots }: AttackScope, sensor_id: number): readonly number[] {
  return honeypots.find(({ sensors }) => sensors.includes(sensor_id))?.sensors ?? [sensor_id];
}
