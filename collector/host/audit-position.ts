/** The audit log read from where it was read up to before: the place is written down when what it led to is durable. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditLog, type LogPosition } from './audit-log.ts';

export const usual_audit_log = '/var/log/audit/audit.log';

export class AuditPosition {
  readonly log: AuditLog;
  /** Why the log cannot be read; '' where it can. */
  trouble = '';
  readonly #folder: string;
  #saved = '';

  /** @param work_folder of this sensor: each has a place of its own in the log */
  constructor(path: string, work_folder: string) {
    this.#folder = work_folder;
    this.log = new AuditLog(path, this.#load());
  }

  get #state_path(): string {
    return join(this.#folder, 'audit-position.json');
  }

  #load(): LogPosition | undefined {
    if (!existsSync(this.#state_path)) return undefined;
    try {
      const { ino, offset } = JSON.parse(readFileSync(this.#state_path, 'utf8')) as LogPosition;
      return Number.isSafeInteger(ino) && Number.isSafeInteger(offset) ? { ino, offset } : undefined;
    } catch {
      // Torn by a crash: from now on.
      return undefined;
    }
  }

  /** New whole lines; none where the log cannot be read, which `trouble` tells. */
  read(): string[] {
    try {
      const lines = this.log.read();
      this.trouble = '';
      return lines;
    } catch (error) {
      this.trouble = `the audit log cannot be read: ${(error as Error).message}`;
      return [];
    }
  }

  save(): void {
    const position = JSON.stringify(this.log.position);
    if (position === this.#saved) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#state_path}.new`, position, { mode: 0o600 });
    renameSync(`${this.#state_path}.new`, this.#state_path);
    this.#saved = position;
  }

  close(): void {
    this.log.close();
  }
}
