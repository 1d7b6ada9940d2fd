/**
 * What collectors and gateways have in common: each has a name, gets its first certificate by a token that serves
 * once, is known by the serial number of its certificate from then on, and can be revoked.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type ErrorCode, OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

export const token_life_ms = 3_600_000;

/** Of a certificate that was shown. */
export interface Shown {
  serial: string;
  issued_ms: number;
  ends_ms: number;
}

/** Where one kind is kept: our own words, which stand in statements as they are. */
export interface CredentialTables {
  kind: 'collector' | 'gateway';
  certificate: 'certificate' | 'gateway_certificate';
  token: 'enrolment_token' | 'gateway_token';
  revoked: ErrorCode;
}

/** For a command line, where one that begins with a hyphen would be taken for an option. */
function makeToken(): string {
  for (;;) {
    const token = randomBytes(24).toString('base64url');
    if (!token.startsWith('-')) return token;
  }
}

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
const plainSerial = (serial: string): string => serial.toLowerCase().replace(/^0+/, '');
const name_pattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** @throws OperationalError `input_invalid` */
export function checkName(what: string, name: string): void {
  if (name_pattern.test(name)) return;
  throw new OperationalError(
    'input_invalid',
    `"${name}" cannot name a ${what}: use lower-case letters, digits, dot, hyphen and underscore, at most 63`,
  );
}

export abstract class Credentials<Holder extends { name: string; revoked_ms: number | null }> {
  protected readonly state: StateDatabase;
  readonly #tables: CredentialTables;
  /** The column that numbers the holders. */
  readonly #id: string;

  constructor(state: StateDatabase, tables: CredentialTables) {
    this.state = state;
    this.#tables = tables;
    this.#id = `${tables.kind}_id`;
  }

  #idOf(holder: Holder): number {
    return (holder as unknown as Record<string, number>)[this.#id]!;
  }

  list(): Holder[] {
    return this.state.all<Holder>(`SELECT * FROM ${this.#tables.kind} ORDER BY name`);
  }

  /** @throws OperationalError `not_found` */
  byName(name: string): Holder {
    const { kind } = this.#tables;
    const holder = this.state.get<Holder>(`SELECT * FROM ${kind} WHERE name = ?`, name);
    if (holder !== undefined) return holder;
    throw new OperationalError(
      'not_found',
      `there is no ${kind} "${name}"; known are: ${
        this.list()
          .map((known) => known.name)
          .join(', ') || 'none'
      }`,
    );
  }

  byId(id: number): Holder | undefined {
    return this.state.get<Holder>(`SELECT * FROM ${this.#tables.kind} WHERE ${this.#id} = ?`, id);
  }

  /** @throws OperationalError `input_invalid`, `conflict` */
  protected checkNew(name: string): void {
    const { kind } = this.#tables;
    checkName(kind, name);
    if (this.state.get(`SELECT 1 FROM ${kind} WHERE name = ?`, name) !== undefined)
      throw new OperationalError('conflict', `a ${kind} "${name}" exists already`);
  }

  /** A token that serves once, for an hour. Of a replacement, the old certificates end when it is used. */
  addToken(actor: string, holder: Holder, replaces: boolean, now_ms = Date.now()): string {
    const token = makeToken();
    const { kind } = this.#tables;
    this.state.change(actor, replaces ? 'replace' : 'add token', `${kind} ${holder.name}`, {}, () =>
      this.state.run(
        `INSERT INTO ${this.#tables.token} (token_hash, ${this.#id}, created_ms, ends_ms, replaces) VALUES (?, ?, ?, ?, ?)`,
        hashToken(token),
        this.#idOf(holder),
        now_ms,
        now_ms + token_life_ms,
        replaces ? 1 : 0,
      ),
    );
    return token;
  }

  /** The holder of a token, which is used up by that; undefined where it is unknown, used or has run out. */
  findToken(token: string, now_ms = Date.now()): { holder: Holder; replaces: boolean } | undefined {
    const row = this.state.get<{ id: number; replaces: number }>(
      `UPDATE ${this.#tables.token} SET used_ms = ? WHERE token_hash = ? AND used_ms IS NULL AND ends_ms > ? RETURNING ${this.#id} AS id, replaces`,
      now_ms,
      hashToken(token),
      now_ms,
    );
    const holder = row === undefined ? undefined : this.byId(row.id);
    return row === undefined || holder === undefined ? undefined : { holder, replaces: row.replaces === 1 };
  }

  /** Whether some token could still be used. */
  hasOpenToken(now_ms = Date.now()): boolean {
    const { token } = this.#tables;
    return (
      this.state.get(`SELECT 1 FROM ${token} WHERE used_ms IS NULL AND ends_ms > ?`, now_ms) !== undefined
    );
  }

  /**
   * Notes a new certificate. Only a token brings a revoked holder back; who renews must not have been revoked
   * while the new certificate was made.
   * @param by the token of an enrolment, or the certificate that was shown
   * @throws OperationalError as `byCertificate`
   */
  addCertificate(holder: Holder, serial: string, ends_ms: number, by: 'token' | { serial: string }): void {
    const { kind, certificate } = this.#tables;
    this.state.change('gateway', 'issue certificate', `${kind} ${holder.name}`, { serial }, () => {
      if (by === 'token')
        this.state.run(`UPDATE ${kind} SET revoked_ms = NULL WHERE ${this.#id} = ?`, this.#idOf(holder));
      else this.byCertificate(by.serial);
      this.state.run(
        `INSERT INTO ${certificate} (serial, ${this.#id}, issued_ms, ends_ms) VALUES (?, ?, ?, ?)`,
        serial,
        this.#idOf(holder),
        Date.now(),
        ends_ms,
      );
    });
  }

  /** Whether a certificate is one of this kind, revoked or not. */
  hasCertificate(serial: string): boolean {
    const { certificate } = this.#tables;
    return this.state.get(`SELECT 1 FROM ${certificate} WHERE serial = ?`, plainSerial(serial)) !== undefined;
  }

  /**
   * Whom a certificate speaks for.
   * @throws OperationalError the code of a revoked one, or `certificate_invalid` for one that is not ours
   */
  byCertificate(serial: string): Holder & Shown {
    const { kind, certificate, revoked } = this.#tables;
    const row = this.state.get<Holder & Shown & { certificate_revoked_ms: number | null }>(
      `SELECT ${kind}.*, serial, issued_ms, ends_ms, ${certificate}.revoked_ms AS certificate_revoked_ms
       FROM ${certificate} JOIN ${kind} USING (${this.#id}) WHERE serial = ?`,
      plainSerial(serial),
    );
    if (row === undefined)
      throw new OperationalError('certificate_invalid', `the certificate ${serial} was not issued here`);
    if (row.certificate_revoked_ms !== null || row.revoked_ms !== null)
      throw new OperationalError(revoked, `the certificate of the ${kind} "${row.name}" is revoked`, {
        [kind]: row.name,
      });
    return row;
  }

  /** Ends all certificates that were issued before now. */
  revoke(actor: string, holder: Holder, reason: string, whole: boolean): void {
    const now = Date.now();
    const { kind, certificate, token } = this.#tables;
    const id = this.#idOf(holder);
    this.state.change(actor, 'revoke', `${kind} ${holder.name}`, { reason }, () => {
      this.state.run(
        `UPDATE ${certificate} SET revoked_ms = ?, reason = ? WHERE ${this.#id} = ? AND revoked_ms IS NULL`,
        now,
        reason,
        id,
      );
      // A command that was printed before must not undo it.
      this.state.run(`UPDATE ${token} SET used_ms = ? WHERE ${this.#id} = ? AND used_ms IS NULL`, now, id);
      if (whole) this.state.run(`UPDATE ${kind} SET revoked_ms = ? WHERE ${this.#id} = ?`, now, id);
    });
  }

  /** Whether a certificate that has run out could still renew: the enrolment port listens for it. */
  hasLateCertificate(now_ms: number, late_ms: number): boolean {
    const { certificate } = this.#tables;
    const row = this.state.get(
      `SELECT 1 FROM ${certificate} WHERE revoked_ms IS NULL AND ends_ms BETWEEN ? AND ?
       AND NOT EXISTS (SELECT 1 FROM ${certificate} AS later WHERE later.${this.#id} = ${certificate}.${this.#id} AND later.ends_ms > ?)`,
      now_ms - late_ms,
      now_ms,
      now_ms,
    );
    return row !== undefined;
  }

  /** Whether everyone who is not revoked has a certificate issued at or after the given moment. */
  allIssuedSince(since_ms: number): boolean {
    const { kind, certificate } = this.#tables;
    const of_holder = `${certificate}.${this.#id} = ${kind}.${this.#id}`;
    const row = this.state.get(
      `SELECT 1 FROM ${kind} WHERE revoked_ms IS NULL
       AND EXISTS (SELECT 1 FROM ${certificate} WHERE ${of_holder} AND revoked_ms IS NULL AND ends_ms > ?)
       AND NOT EXISTS (SELECT 1 FROM ${certificate} WHERE ${of_holder} AND revoked_ms IS NULL AND issued_ms >= ?)`,
      Date.now(),
      since_ms,
    );
    return row === undefined;
  }
}
