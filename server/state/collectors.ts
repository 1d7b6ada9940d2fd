/** Collectors, their certificates and tokens, and which sensors they may write. */
import { createHash, randomBytes } from 'node:crypto';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

export const token_life_ms = 3_600_000;

export interface Collector {
  collector_id: number;
  name: string;
  lives_in: 'honeypot' | 'host' | 'elsewhere';
  created_ms: number;
  revoked_ms: number | null;
}

/** A collector with the certificate that it showed. */
export interface CertifiedCollector extends Collector {
  serial: string;
  issued_ms: number;
  ends_ms: number;
}

export interface WritableSensor {
  sensor_id: number;
  name: string;
  type: string;
}

/** For a command line, where one that begins with a hyphen would be taken for an option. */
function makeToken(): string {
  for (;;) {
    const token = randomBytes(24).toString('base64url');
    if (!token.startsWith('-')) return token;
  }
}

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
const name_pattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

function checkName(what: string, name: string): void {
  if (name_pattern.test(name)) return;
  throw new OperationalError(
    'input_invalid',
    `"${name}" cannot name a ${what}: use lower-case letters, digits, dot, hyphen and underscore, at most 63`,
  );
}

export class Collectors {
  readonly #state: StateDatabase;
  /** Imports that are going on: sensors of others that a collector may write meanwhile. A restart ends them. */
  readonly #imports = new Map<string, { collector_id: number; sensors: WritableSensor[] }>();

  constructor(state: StateDatabase) {
    this.#state = state;
  }

  list(): Collector[] {
    return this.#state.all<Collector>('SELECT * FROM collector ORDER BY name');
  }

  /** @throws OperationalError `not_found` */
  byName(name: string): Collector {
    const collector = this.#state.get<Collector>('SELECT * FROM collector WHERE name = ?', name);
    if (collector !== undefined) return collector;
    throw new OperationalError(
      'not_found',
      `there is no collector "${name}"; known are: ${
        this.list()
          .map((known) => known.name)
          .join(', ') || 'none'
      }`,
    );
  }

  byId(collector_id: number): Collector | undefined {
    return this.#state.get<Collector>('SELECT * FROM collector WHERE collector_id = ?', collector_id);
  }

  add(actor: string, name: string, lives_in: Collector['lives_in']): Collector {
    checkName('collector', name);
    if (this.#state.get('SELECT 1 FROM collector WHERE name = ?', name) !== undefined) {
      throw new OperationalError('conflict', `a collector "${name}" exists already`);
    }
    this.#state.change(actor, 'add', `collector ${name}`, { lives_in }, () =>
      this.#state.run(
        'INSERT INTO collector (name, lives_in, created_ms) VALUES (?, ?, ?)',
        name,
        lives_in,
        Date.now(),
      ),
    );
    return this.byName(name);
  }

  /** A token that serves once, for an hour. Of a replacement, the old certificates end when it is used. */
  addToken(actor: string, collector: Collector, replaces: boolean, now_ms = Date.now()): string {
    const token = makeToken();
    this.#state.change(actor, replaces ? 'replace' : 'add token', `collector ${collector.name}`, {}, () =>
      this.#state.run(
        'INSERT INTO enrolment_token (token_hash, collector_id, created_ms, ends_ms, replaces) VALUES (?, ?, ?, ?, ?)',
        hashToken(token),
        collector.collector_id,
        now_ms,
        now_ms + token_life_ms,
        replaces ? 1 : 0,
      ),
    );
    return token;
  }

  /** @throws OperationalError `token_invalid`; a token that passes is used up */
  takeToken(token: string, now_ms = Date.now()): { collector: Collector; replaces: boolean } {
    const row = this.#state.get<{ collector_id: number; replaces: number }>(
      'UPDATE enrolment_token SET used_ms = ? WHERE token_hash = ? AND used_ms IS NULL AND ends_ms > ? RETURNING collector_id, replaces',
      now_ms,
      hashToken(token),
      now_ms,
    );
    const collector = row === undefined ? undefined : this.byId(row.collector_id);
    if (row === undefined || collector === undefined)
      throw new OperationalError('token_invalid', 'the token is unknown, used or has run out');
    return { collector, replaces: row.replaces === 1 };
  }

  /** Whether some token could still be used. */
  hasOpenToken(now_ms = Date.now()): boolean {
    return (
      this.#state.get('SELECT 1 FROM enrolment_token WHERE used_ms IS NULL AND ends_ms > ?', now_ms) !==
      undefined
    );
  }

  /**
   * Notes a new certificate. Only a token brings a revoked collector back; who renews must not have been revoked
   * while the new certificate was made.
   * @param by the token of an enrolment, or the certificate that was shown
   * @throws OperationalError `collector_revoked`
   */
  addCertificate(
    collector: Collector,
    serial: string,
    ends_ms: number,
    by: 'token' | { serial: string },
  ): void {
    this.#state.change('gateway', 'issue certificate', `collector ${collector.name}`, { serial }, () => {
      if (by === 'token')
        this.#state.run(
          'UPDATE collector SET revoked_ms = NULL WHERE collector_id = ?',
          collector.collector_id,
        );
      else this.byCertificate(by.serial);
      this.#state.run(
        'INSERT INTO certificate (serial, collector_id, issued_ms, ends_ms) VALUES (?, ?, ?, ?)',
        serial,
        collector.collector_id,
        Date.now(),
        ends_ms,
      );
    });
  }

  /**
   * The collector that a certificate speaks for.
   * @throws OperationalError `collector_revoked`, or `certificate_invalid` for one that is not ours
   */
  byCertificate(serial: string): CertifiedCollector {
    const row = this.#state.get<CertifiedCollector & { certificate_revoked_ms: number | null }>(
      `SELECT collector.*, serial, issued_ms, ends_ms, certificate.revoked_ms AS certificate_revoked_ms
       FROM certificate JOIN collector USING (collector_id) WHERE serial = ?`,
      serial.toLowerCase().replace(/^0+/, ''),
    );
    if (row === undefined)
      throw new OperationalError('certificate_invalid', `the certificate ${serial} was not issued here`);
    if (row.certificate_revoked_ms !== null || row.revoked_ms !== null) {
      throw new OperationalError(
        'collector_revoked',
        `the certificate of the collector "${row.name}" is revoked`,
      );
    }
    return row;
  }

  /** Ends all certificates of a collector that were issued before now. */
  revoke(actor: string, collector: Collector, reason: string, whole: boolean): void {
    const now = Date.now();
    this.#state.change(actor, 'revoke', `collector ${collector.name}`, { reason }, () => {
      this.#state.run(
        'UPDATE certificate SET revoked_ms = ?, reason = ? WHERE collector_id = ? AND revoked_ms IS NULL',
        now,
        reason,
        collector.collector_id,
      );
      // A command that was printed before must not undo it.
      this.#state.run(
        'UPDATE enrolment_token SET used_ms = ? WHERE collector_id = ? AND used_ms IS NULL',
        now,
        collector.collector_id,
      );
      if (whole)
        this.#state.run(
          'UPDATE collector SET revoked_ms = ? WHERE collector_id = ?',
          now,
          collector.collector_id,
        );
    });
  }

  /** Whether a certificate that has run out could still renew: the enrolment port listens for it. */
  hasLateCertificate(now_ms: number, late_ms: number): boolean {
    const row = this.#state.get(
      `SELECT 1 FROM certificate WHERE revoked_ms IS NULL AND ends_ms BETWEEN ? AND ?
       AND NOT EXISTS (SELECT 1 FROM certificate AS later WHERE later.collector_id = certificate.collector_id AND later.ends_ms > ?)`,
      now_ms - late_ms,
      now_ms,
      now_ms,
    );
    return row !== undefined;
  }

  /** Whether every collector that is not revoked has a certificate issued at or after the given moment. */
  allIssuedSince(since_ms: number): boolean {
    const row = this.#state.get(
      `SELECT 1 FROM collector WHERE revoked_ms IS NULL
       AND EXISTS (SELECT 1 FROM certificate WHERE certificate.collector_id = collector.collector_id AND revoked_ms IS NULL AND ends_ms > ?)
       AND NOT EXISTS (SELECT 1 FROM certificate WHERE certificate.collector_id = collector.collector_id AND revoked_ms IS NULL AND issued_ms >= ?)`,
      Date.now(),
      since_ms,
    );
    return row === undefined;
  }

  addSensor(actor: string, name: string, type: string, collector: Collector): WritableSensor {
    checkName('sensor', name);
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(type))
      throw new OperationalError('input_invalid', `"${type}" is no sensor type`);
    if (this.#state.get('SELECT 1 FROM sensor WHERE name = ?', name) !== undefined) {
      throw new OperationalError(
        'conflict',
        `a sensor "${name}" exists already; give it to this collector with: apiary sensor assign ${name} --collector ${collector.name}`,
      );
    }
    return this.#state.change(actor, 'add', `sensor ${name}`, { type, collector: collector.name }, () => {
      const { id } = this.#state.run(
        'INSERT INTO sensor (name, type, created_ms) VALUES (?, ?, ?)',
        name,
        type,
        Date.now(),
      );
      this.#state.run(
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
    const sensor = this.#state.get<WritableSensor>(
      'SELECT sensor_id, name, type FROM sensor WHERE name = ?',
      name,
    );
    if (sensor === undefined) throw new OperationalError('not_found', `there is no sensor "${name}"`);
    const now = Date.now();
    this.#state.change(actor, 'assign', `sensor ${name}`, { collector: collector.name }, () => {
      this.#state.run(
        'UPDATE sensor_collector SET valid_to_ms = ? WHERE sensor_id = ? AND valid_to_ms IS NULL',
        now,
        sensor.sensor_id,
      );
      this.#state.run(
        'INSERT INTO sensor_collector (sensor_id, collector_id, valid_from_ms) VALUES (?, ?, ?)',
        sensor.sensor_id,
        collector.collector_id,
        now,
      );
    });
  }

  sensorsOf(collector_id: number): WritableSensor[] {
    return this.#state.all<WritableSensor>(
      `SELECT sensor_id, name, type FROM sensor JOIN sensor_collector USING (sensor_id)
       WHERE collector_id = ? AND valid_to_ms IS NULL AND retired_ms IS NULL ORDER BY name`,
      collector_id,
    );
  }

  /** A sensor by its name; undefined where there is none, or it is retired. */
  findSensor(name: string): WritableSensor | undefined {
    return this.#state.get<WritableSensor>(
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
    if (this.#state.get('SELECT 1 FROM sensor WHERE name = ?', name) === undefined) {
      throw new OperationalError('sensor_unknown', `no sensor ${shown} is registered`);
    }
    throw new OperationalError(
      'sensor_foreign',
      `the sensor ${shown} is not one of the collector "${collector.name}"`,
    );
  }
}
