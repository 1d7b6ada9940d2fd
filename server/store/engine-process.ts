/**
 * The embedded engine: chDB in a process of its own, offering the part of ClickHouse's HTTP interface that
 * Apiary uses, on a Unix socket. Its crash, memory and threads touch neither gateway nor API.
 *
 * One chDB connection runs one query at a time; several run side by side. One of them is kept for inserts.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Session as ChdbSession } from 'chdb';
import { bindParameters } from './bind.ts';
import { alive_every_ms, engineConfiguration } from './engine-configuration.ts';
import { removeTornReplacements } from './torn-replacements.ts';

const { Session } = createRequire(import.meta.url)('chdb') as { Session: typeof ChdbSession };

export interface EngineProcessOptions {
  /** Folder of the database; belongs to this process alone. */
  directory: string;
  socket: string;
  /** Connections for queries; one more is kept for inserts. */
  connections: number;
  memory_bytes_max: number;
  /** Room on the disk below which no insert and no merge begins. */
  kept_free_bytes: number;
  /** Configures the shards of the `local_shards` rendering. */
  local_shards: boolean;
  /** More of the engine's configuration, as XML. */
  configuration: string;
}

const body_bytes_max = 256 * 1024 * 1024;
const queue_length_max = 256;

interface Job {
  run: (session: ChdbSession) => Promise<void>;
}

/** Connections that take jobs one at a time, in order of arrival. */
class Pool {
  readonly #idle: ChdbSession[];
  readonly #waiting: Job[] = [];

  constructor(sessions: ChdbSession[]) {
    this.#idle = [...sessions];
  }

  submit(job: Job): void {
    if (this.#waiting.length >= queue_length_max) {
      throw new OperationalError('engine_down', `${queue_length_max} queries wait already`);
    }
    this.#waiting.push(job);
    this.#next();
  }

  #next(): void {
    const session = this.#idle.pop();
    if (session === undefined) return;
    const job = this.#waiting.shift();
    if (job === undefined) {
      this.#idle.push(session);
      return;
    }
    void job.run(session).finally(() => {
      this.#idle.push(session);
      this.#next();
    });
  }
}

/** Parameters of the URL that are no settings. */
const reserved = new Set(['query', 'database', 'query_id', 'session_id', 'default_format', 'role']);

interface Request {
  sql: string;
  settings: [string, string][];
  body: Buffer;
}

function readRequest(request: IncomingMessage, body: Buffer): Request {
  const url = new URL(request.url ?? '/', 'http://engine');
  const values = new Map<string, string>();
  const settings: [string, string][] = [];
  for (const [key, value] of url.searchParams) {
    if (key.startsWith('param_')) values.set(key.slice('param_'.length), value);
    else if (!reserved.has(key)) settings.push([key, value]);
  }
  const in_url = url.searchParams.get('query');
  const sql = bindParameters(in_url ?? body.toString('utf8'), values);
  return { sql, settings, body: in_url === null ? Buffer.alloc(0) : body };
}

function settingsClause(settings: [string, string][]): string {
  const parts = settings.map(([name, value]) => {
    if (!/^[a-z_0-9]+$/.test(name))
      throw new OperationalError('input_invalid', `the setting ${name} has no such name`);
    return `${name} = ${/^-?[0-9]+(\.[0-9]+)?$/.test(value) ? value : `'${value.replace(/[\\']/g, '\\$&')}'`}`;
  });
  return parts.length === 0 ? '' : ` SETTINGS ${parts.join(', ')}`;
}

const insert_pattern = /^\s*INSERT\s+INTO\s+(?:TABLE\s+)?([\w.`]+)\s*(?:\(([^)]*)\))?\s*FORMAT\s+(\w+)\s*$/i;
const readable = /^\s*(?:--[^\n]*\n|\s)*(?:\(|SELECT|WITH|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS)/i;

async function answer(session: ChdbSession, request: Request, response: ServerResponse): Promise<void> {
  const { sql, settings, body } = request;
  const insert = insert_pattern.exec(sql);
  if (insert !== null && body.length > 0) {
    const columns = insert[2]?.split(',').map((name) => name.trim().replaceAll('`', ''));
    const summary = await session.insert({
      table: (insert[1] as string).replaceAll('`', ''),
      values: body,
      format: insert[3] as 'TabSeparated',
      ...(columns === undefined ? {} : { columns }),
      settings: Object.fromEntries(settings),
    });
    response.setHeader(
      'X-ClickHouse-Summary',
      JSON.stringify({
        written_rows: String(summary.rowsWritten),
        written_bytes: String(summary.bytesWritten),
      }),
    );
    response.end();
    return;
  }
  const text = sql.trimEnd().replace(/;$/, '');
  const result = await session.queryAsync(readable.test(text) ? text + settingsClause(settings) : text, {
    format: 'TabSeparated',
  });
  response.setHeader(
    'X-ClickHouse-Summary',
    JSON.stringify({ read_rows: String(result.rowsRead), read_bytes: String(result.bytesRead) }),
  );
  response.end(result.bytes());
}

const empty_rounds_max = 6;
/** Memory that is short for a moment is no reason; the wait doubles. */
const empty_wait_ms = 50;

/**
 * Takes out what a query that failed had written already: chDB (3.4.0) keeps it and puts it before the answer of the
 * connection's next query, whoever asks that (seen). A connection that cannot be emptied is not used again: this process
 * ends, and is started anew.
 */
async function empty(session: ChdbSession): Promise<void> {
  for (let round = 0; round < empty_rounds_max; round += 1) {
    const bytes = await session
      .queryAsync('SELECT 1', { format: 'TabSeparated' })
      .then((result) => Buffer.from(result.bytes()))
      .catch(() => Buffer.alloc(0));
    if (bytes.equals(Buffer.from('1\n'))) return;
    if (round > 0) await sleep(empty_wait_ms * 2 ** round);
  }
  process.stderr.write('a connection of the engine gives what belongs to another query; the engine ends\n');
  process.exit(1);
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  response.statusCode = error instanceof OperationalError ? error.status : 500;
  const code = /Code: (\d+)/.exec(message)?.[1];
  if (code !== undefined) response.setHeader('X-ClickHouse-Exception-Code', code);
  response.end(
    code === undefined
      ? `Code: 1002. DB::Exception: ${message} (UNKNOWN_EXCEPTION)`
      : message.slice(message.indexOf('Code: ')),
  );
}

function collectBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > body_bytes_max)
        request.destroy(
          new OperationalError('batch_too_large', `a request has over ${body_bytes_max} bytes`),
        );
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function openSessions(options: EngineProcessOptions): { queries: Pool; inserts: Pool; close: () => void } {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const configuration = join(options.directory, 'engine.xml');
  writeFileSync(configuration, engineConfiguration(options), { mode: 0o600 });
  removeTornReplacements(join(options.directory, 'db'));
  const open = (): ChdbSession =>
    new Session(join(options.directory, 'db'), { connectionArgs: [`--config-file=${configuration}`] });
  const first = open();
  first.query('CREATE DATABASE IF NOT EXISTS apiary');
  const sessions = [first, ...Array.from({ length: options.connections }, open)];
  for (const session of sessions) session.query('USE apiary');
  return {
    inserts: new Pool(sessions.slice(0, 1)),
    queries: new Pool(sessions.slice(1)),
    close: () => {
      for (const session of sessions) session.close();
    },
  };
}

function main(options: EngineProcessOptions): void {
  const { queries, inserts, close } = openSessions(options);
  rmSync(options.socket, { force: true });
  const server = createServer((request, response) => {
    if (request.url === '/ping') {
      response.end('Ok.\n');
      return;
    }
    collectBody(request)
      .then((body) => {
        const parsed = readRequest(request, body);
        const pool = /^\s*INSERT/i.test(parsed.sql) ? inserts : queries;
        pool.submit({
          run: (session) =>
            answer(session, parsed, response).catch(async (error) => {
              fail(response, error);
              await empty(session);
            }),
        });
      })
      .catch((error: unknown) => fail(response, error));
  });
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  // The first says that it is ready, the others that it is not frozen.
  server.listen(options.socket, () => {
    process.send?.('alive');
    setInterval(() => process.send?.('alive'), alive_every_ms);
  });
  process.on('message', (message) => {
    if (message !== 'stop') return;
    server.close();
    server.closeAllConnections();
    close();
    process.exit(0);
  });
  // Ctrl-C reaches the whole group; the server says when its engine stops.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  // The server died: what it had acknowledged is in the journal, so nothing is worth waiting for.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}

main(JSON.parse(process.argv[2] ?? '') as EngineProcessOptions);
