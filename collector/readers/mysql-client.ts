/** A connection to a MySQL or MariaDB server that may do nothing but SELECT. */
import { readFileSync, statSync } from 'node:fs';
import type { Connection } from 'mysql2/promise';

export interface MysqlConnection {
  /** Absolute path of the server's socket; else a host. */
  socket?: string;
  host?: string;
  port?: number;
  user: string;
  password_file?: string;
  /** Checks the server's certificate, and the host's name in it, by the system's authorities or by `ca_file`. */
  tls?: boolean;
  ca_file?: string;
}

/** A value as the server sends it. */
export interface Cell {
  type: string;
  bytes: Buffer | null;
}

export interface Rows {
  names: string[];
  rows: Cell[][];
}

const harmless = new Set(['SELECT', 'USAGE', 'SHOW VIEW', 'SHOW DATABASES']);
const connect_ms = 10_000;
const query_ms = 60_000;

export const describeConnection = ({ socket, host, port }: MysqlConnection): string =>
  socket ?? `${host}:${port ?? 3306}`;

/** What the user may do beside reading; '' for nothing. */
export function findWrites(grants: readonly string[]): string {
  const found: string[] = [];
  for (const grant of grants) {
    if (/^SET DEFAULT ROLE /i.test(grant)) continue;
    const privileges = /^GRANT (.+?) ON /i.exec(grant)?.[1];
    // Hashes of passwords stand at the end of a grant: only its privileges are told.
    if (privileges === undefined) found.push('a role');
    else {
      const named = privileges.replaceAll(/\([^)]*\)/g, '').split(',');
      found.push(...named.map((one) => one.trim().toUpperCase()).filter((one) => !harmless.has(one)));
    }
    if (/ WITH (?:.* )?GRANT OPTION/i.test(grant)) found.push('GRANT OPTION');
  }
  return [...new Set(found)].join(', ');
}

function readPassword(path: string): string {
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`${path} may be read by others: chmod 600 ${path}`);
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}

export class MysqlClient {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @throws what the server or the system says, or that the user may write */
  static async connect(options: MysqlConnection): Promise<MysqlClient> {
    const { socket, host, port, user, password_file, tls, ca_file } = options;
    const password = password_file === undefined ? '' : readPassword(password_file);
    // The library costs memory that only those pay who use it.
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection({
      ...(socket === undefined ? { host: host ?? 'localhost', port: port ?? 3306 } : { socketPath: socket }),
      ...{ user, password, charset: 'utf8mb4', connectTimeout: connect_ms, disableEval: true },
      // A server may ask its client for a file: this one has none to give.
      flags: ['-LOCAL_FILES'],
      ...(tls
        ? { ssl: { verifyIdentity: true, ...(ca_file === undefined ? {} : { ca: readFileSync(ca_file) }) } }
        : {}),
    });
    // It is told by the next query; without a listener it would end the collector.
    connection.on('error', () => undefined);
    const client = new MysqlClient(connection);
    try {
      await client.#prepare(user);
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  async #prepare(user: string): Promise<void> {
    const { rows } = await this.query('SHOW GRANTS FOR CURRENT_USER()');
    const writes = findWrites(rows.map(([cell]) => cell?.bytes?.toString('utf8') ?? ''));
    if (writes !== '') {
      const remedy = 'make a user that has only SELECT on the database';
      throw new Error(`the user ${JSON.stringify(user)} may do more than read (${writes}): ${remedy}`);
    }
    await this.query('SET SESSION TRANSACTION READ ONLY');
    // Bytes as they are stored, and times as the binary log has them.
    await this.query("SET SESSION character_set_results = NULL, time_zone = '+00:00'");
  }

  async query(sql: string, values: readonly (string | Buffer | number)[] = []): Promise<Rows> {
    const [rows, fields] = await this.#connection.query({
      ...{ sql, values: [...values], rowsAsArray: true, timeout: query_ms },
      typeCast: (field: { type: string; buffer(): Buffer | null }): Cell => {
        const { type } = field;
        return { type, bytes: field.buffer() };
      },
    });
    if (!Array.isArray(rows)) return { names: [], rows: [] };
    return { names: fields.map(({ name }) => name), rows: rows as unknown as Cell[][] };
  }

  close(): void {
    this.#connection.destroy();
  }
}
