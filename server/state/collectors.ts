/** Collectors, their certificates and tokens, and which sensors they may write. */
import { OperationalError } from '@apiary/model/errors.ts';
import { Credentials, checkName, type Shown } from './credentials.ts';
import type { StateDatabase } from './database.ts';

export interface Collector {
  collector_id: number;
  name: string;
  lives_in: 'honeypot' | 'host' | 'elsewhere';
  created_ms: number;
  revoked_ms: number | null;
}

/** A collector with the certificate that it showed. */
export type CertifiedCollector = Collector & Shown;

export interface WritableSensor {
  sensor_id: number;
  name: string;
  type: string;
}

/** A certificate that a gateway may let in, or must know as revoked. */
export interface KnownCertificate {
  serial: string;
  collector_id: number;
  is_revoked: number;
}

export class Collectors extends Credentials<Collector> {
  /** Imports that are going on: sensors of others that a collector may write meanwhile. A restart ends them. */
  readonly #imports = new Map<string, { collector_id: number; sensors: WritableSensor[] }>();

  constructor(state: StateDatabase) {
    super(state, {
      kind: 'collector',
      certificate: 'certificate',
      token: 'enrolment_token',
      revoked: 'collector_revoked',
    });
  }

  add(actor: string, name: string, lives_in: Collector['lives_in']): Collector {
    this.checkNew(name);
    this.state.change(actor, 'add', `collector ${name}`, { lives_in }, () =>
      this.state.run(
        'INSERT INTO collector (name, lives_in, created_ms) VALUES (?, ?, ?)',
        name,
        lives_in,
        Date.now(),
      ),
    );
    return this.byName(name);
  }

  /** All certificates that have not run out. */
  knownCertificates(now_ms: number): KnownCertificate[] {
    return this.state.all<KnownCertificate>(
      `SELECT serial, collector_id, certificate.revoked_ms IS NOT NULL OR collector.revoked_ms IS NOT NULL AS is_revoked
       FROM certificate JOIN collector USING (collector_id) WHERE ends_ms > ? ORDER BY serial`,
      now_ms,
    );
  }

  addSensor(actor: string, name: string, type: string, collector: Collector): WritableSensor {
    checkName('sensor', name);
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(type))
      throw new OperationalError('input_invalid', `"${type}" is no sensor type`);
    if (this.state.get('SELECT 1 FROM sensor WHERE name = ?', name) !== undefined) {
      throw new OperationalError(
        'conflict',
        `a sensor "${name}" exists already; give it to this collector with: apiary sensor assign ${name} --collector ${collector.name}`,
      );
    }
    return this.state.change(actor, 'add', `sensor ${name}`, { type, collector: collector.name }, () => {
      const { id } = this.state.run(
        'INSERT INTO sensor (name, type, created_ms) VALUES (?, ?, ?)',
        name,
        type,
        Date.now(),
      );
      this.state.run(
        'INSERT INTO sensor_collector (sensor_id, collector_id, valid_from_ms) VALUES (?, ?, ?)',
        id,
        collector.collector_id,
        Date.now(),
      );
      return { sensor_id: id, name, type };
    });
  }

  /** From now on the sensor's records come by this collector. */
  assignSensor(actor: string, name: string, collector: Collector): void {
    const sensor = this.state.get<WritableSensor>(
      'SELECT sensor_id, name, type FROM sensor WHERE name = ?',
      name,
    );
    if (sensor === undefined) throw new OperationalError('not_found', `there is no sensor "${name}"`);
    const now = Date.now();
    this.state.change(actor, 'assign', `sensor ${name}`, { collector: collector.name }, () => {
      this.state.run(
        'UPDATE sensor_collector SET valid_to_ms = ? WHERE sensor_id = ? AND valid_to_ms IS NULL',
        now,
        sensor.sensor_id,
      );
      this.state.run(
        'INSERT INTO sensor_collector (sensor_id, collector_id, valid_from_ms) VALUES (?, ?, ?)',
        sensor.sensor_id,
        collector.collector_id,
        now,
      );
    });
  }

  sensorsOf(collector_id: number): WritableSensor[] {
    return this.state.all<WritableSensor>(
      `SELECT sensor_id, name, type FROM sensor JOIN sensor_collector USING (sensor_id)
       WHERE collector_id = ? AND valid_to_ms IS NULL AND retired_ms IS NULL ORDER BY name`,
      collector_id,
    );
  }

  /** Names of the sensors that each collector may write, sorted. */
  writableByCollector(): Map<number, string[]> {
    const rows = this.state.all<{ collector_id: number; name: string }>(
      `SELECT collector_id, name FROM sensor JOIN sensor_collector USING (sensor_id)
       WHERE valid_to_ms IS NULL AND retired_ms IS NULL ORDER BY name`,
    );
    const names = new Map<number, string[]>();
    for (const { collector_id, name } of rows)
      names.set(collector_id, [...(names.get(collector_id) ?? []), name]);
    return names;
  }

  /** A sensor by its name; undefined where there is none, or it is retired. */
  findSensor(name: string): WritableSensor | undefined {
    return this.state.get<WritableSensor>(
      'SELECT sensor_id, name, type FROM sensor WHERE name = ? AND retired_ms IS NULL',
      name,
    );
  }

  /** Lets a collector write sensors of others, until `endImport`. */
  beginImport(id: string, collector: Collector, sensors: WritableSensor[]): void {
    this.#imports.set(id, { collector_id: collector.collector_id, sensors });
  }

  /** @returns whether the collector has another import going on */
  endImport(id: string): boolean {
    const ended = this.#imports.get(id);
    this.#imports.delete(id);
    return [...this.#imports.values()].some(({ collector_id }) => collector_id === ended?.collector_id);
  }

  /**
   * The sensor of a batch.
   * @throws OperationalError `sensor_unknown` or `sensor_foreign`
   */
  writableSensor(collector: Collector, name: string): WritableSensor {
    const imported = [...this.#imports.values()]
      .filter(({ collector_id }) => collector_id === collector.collector_id)
      .flatMap(({ sensors }) => sensors);
    const sensor = [...imported, ...this.sensorsOf(collector.collector_id)].find(
      (candidate) => candidate.name === name,
    );
    if (sensor !== undefined) return sensor;
    const shown = JSON.stringify(name.slice(0, 128));
    if (this.state.get('SELECT 1 FROM sensor WHERE name = ?', name) === undefined) {
      throw new OperationalError('sensor_unknown', `no sensor ${shown} is registered`);
    }
    throw new OperationalError(
      'sensor_foreign',
      `the sensor ${shown} is not one of the collector "${collector.name}"`,
    );
  }
}
