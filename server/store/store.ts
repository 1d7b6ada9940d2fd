/**
 * The one way to the engine: `@clickhouse/client`, to the embedded engine over a Unix socket or to a
 * ClickHouse server by URL.
 */
import assert from 'node:assert';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import { OperationalError } from '@apiary/model/errors.ts';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { Engine, type EngineState } from './engine.ts';
import type { Rendering } from './template.ts';

export interface StoreOptions {
  /** Folder of the embedded engine's database: the engine is started, and ends with this store. */
  directory?: string;
  /** An embedded engine that another process of this server keeps. */
  socket?: string | undefined;
  /** A ClickHouse server instead of the embedded engine: http(s)://user:password@host:port/database */
  url?: string | undefined;
  rendering?: Rendering;
  /** One node of each other shard of a cluster, in order; closed with this store. */
  others?: readonly Store[];
  /** More of the embedded engine's configuration, as XML. */
  configuration?: string;
  /** Queries of the embedded engine that run side by side. */
  connections?: number;
  memory_bytes_max?: number;
}

export interface QueryLimits {
  seconds_max?: number;
  memory_bytes_max?: number;
  rows_max?: number;
  /** Of the result, as the engine holds it; any where absent. */
  bytes_max?: number;
  /** Threads of the engine; as many as it likes where absent. */
  threads_max?: number;
}

/** Sent with every insert. Without the last a retry doubles the rows of views (seen). */
export const insert_settings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  max_insert_block_size: '1048576',
  min_insert_block_size_rows: '1048576',
  min_insert_block_size_bytes: '1073741824',
  // One block, in one thread, so that a retry is the same block.
  max_insert_threads: '1',
  input_format_parallel_parsing: 0,
} as const;

const default_limits: Required<Omit<QueryLimits, 'threads_max' | 'bytes_max'>> = {
  seconds_max: 30,
  memory_bytes_max: 2_000_000_000,
  rows_max: 1_000_000,
};

function limitSettings(limits: QueryLimits): ClickHouseSettings {
  const { seconds_max, memory_bytes_max, rows_max, bytes_max, threads_max } = {
    ...default_limits,
    ...limits,
  };
  return {
    ...(bytes_max === undefined ? {} : { max_result_bytes: String(bytes_max) }),
    ...(threads_max === undefined ? {} : { max_threads: threads_max }),
    max_execution_time: seconds_max,
    max_memory_usage: String(memory_bytes_max),
    max_result_rows: String(rows_max),
    max_bytes_before_external_group_by: String(Math.floor(memory_bytes_max / 2)),
  };
}

/** Connects every request to one Unix socket, whatever its URL says. */
class SocketAgent extends Agent {
  readonly #socket: string;

  constructor(socket: string) {
    super({ keepAlive: true, maxSockets: 64 });
    this.#socket = socket;
  }

  override createConnection(): Duplex {
    return connect(this.#socket);
  }
}

/**
 * Of a shard's replicas the first is read while it answers: the one that the loader writes to, and so never behind. A
 * condition over one Distributed table that asks another is answered for all shards at once, also where it lacks GLOBAL.
 */
const cluster_settings: ClickHouseSettings = {
  load_balancing: 'in_order',
  distributed_product_mode: 'global',
};

export class Store {
  readonly rendering: Rendering;
  /** One node of each shard, in order; this one is the first, and the only one where there is no cluster. */
  readonly shards: readonly Store[];
  readonly engine: Engine | undefined;
  readonly #client: ClickHouseClient;
  readonly #agent: Agent | undefined;

  constructor(options: StoreOptions) {
    this.rendering = options.rendering ?? 'single';
    this.shards = [this, ...(options.others ?? [])];
    if (options.url !== undefined) {
      this.#client = createClient({
        url: options.url,
        request_timeout: 600_000,
        clickhouse_settings: this.rendering === 'cluster' ? cluster_settings : {},
        log: { level: ClickHouseLogLevel.OFF },
      });
      return;
    }
    if (options.socket === undefined) {
      assert(options.directory !== undefined, 'an engine has a directory');
      this.engine = new Engine({
        directory: options.directory,
        connections: options.connections ?? 4,
        memory_bytes_max: options.memory_bytes_max ?? 4_000_000_000,
        local_shards: this.rendering === 'local_shards',
        configuration: options.configuration ?? '',
      });
    }
    this.#agent = new SocketAgent(options.socket ?? this.engine!.socket);
    this.#client = createClient({
      url: 'http://engine',
      database: 'apiary',
      request_timeout: 600_000,
      http_agent: this.#agent,
      set_basic_auth_header: false,
      // Every error is thrown to its caller, who says what to do about it.
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  get state(): EngineState {
    return this.engine?.state ?? 'up';
  }

  /** Resolves when queries can be answered. */
  async whenUp(): Promise<void> {
    await Promise.all(this.shards.map(({ engine }) => engine?.whenUp()));
  }

  /** A statement for the tables that each shard has for itself. */
  async commandEach(sql: string): Promise<void> {
    await Promise.all(this.shards.map((shard) => shard.command(sql)));
  }

  /**
   * Rows of a SELECT; `{name:Type}` in it stands for a value of `params`. 64-bit integers come as strings.
   * @throws OperationalError `engine_down`, or `query_too_large` when a limit was reached
   */
  async query<T = Record<string, unknown>>(
    sql: string,
    params: Record<string, unknown> = {},
    limits: QueryLimits = {},
  ): Promise<T[]> {
    return this.#guard(async () => (await this.#select(sql, params, limits)).json<T>());
  }

  /**
   * As `query`, but some rows after another, so that not all of them lie in memory at once. Whoever does not read to
   * the end closes it.
   */
  async queryRows<T>(
    sql: string,
    params: Record<string, unknown> = {},
    limits: QueryLimits = {},
  ): Promise<{ rows: AsyncIterable<T[]>; close: () => void }> {
    const result = await this.#guard(() => this.#select(sql, params, limits));
    async function* readRows(): AsyncGenerator<T[]> {
      try {
        for await (const rows of result.stream<T>()) yield rows.map((row) => row.json());
      } catch (error) {
        throw explain(error);
      }
    }
    return { rows: readRows(), close: () => result.close() };
  }

  #select(sql: string, params: Record<string, unknown>, limits: QueryLimits) {
    return this.#client.query({
      query: sql,
      query_params: params,
      format: 'JSONEachRow',
      clickhouse_settings: {
        ...limitSettings(limits),
        output_format_json_quote_64bit_integers: 1,
        // Sensors' bytes need not be UTF-8; JSON must be.
        output_format_json_validate_utf8: 1,
      } as ClickHouseSettings,
    });
  }

  /**
   * The rows of a SELECT in a format of the engine, as bytes.
   * @throws OperationalError as `query`
   */
  async queryBytes(
    sql: string,
    format: 'Parquet' | 'TabSeparated',
    params: Record<string, unknown> = {},
    limits: QueryLimits = {},
  ): Promise<Buffer> {
    return this.#guard(async () => {
      const { stream } = await this.#client.exec({
        query: `${sql}\nFORMAT ${format}`,
        query_params: params,
        clickhouse_settings: limitSettings(limits),
      });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
  }

  /**
   * The tree that the engine's parser makes of a statement, which is not run: a line for each node. Asked within a
   * SELECT it would be analysed, and what is constant in it computed.
   * @param statement one, without comments: what stands behind a semicolon would be run
   */
  async syntaxTree(statement: string): Promise<string> {
    return this.#guard(async () => {
      const { stream } = await this.#client.exec({ query: `EXPLAIN AST ${statement}` });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    });
  }

  /** A statement without a result. */
  async command(sql: string): Promise<void> {
    await this.#guard(() => this.#client.command({ query: sql }));
  }

  /**
   * Inserts rows that are TabSeparated already.
   * @param token the same token means the same block: it is not inserted twice
   */
  async insertTsv(table: string, columns: readonly string[], rows: Buffer, token?: string): Promise<void> {
    await this.#guard(() =>
      this.#client.insert({
        table,
        columns: columns as [string, ...string[]],
        values: Readable.from([rows], { objectMode: false }),
        format: 'TabSeparated',
        clickhouse_settings: {
          ...insert_settings,
          ...(token === undefined ? {} : { insert_deduplication_token: token }),
        } as ClickHouseSettings,
      }),
    );
  }

  /** Inserts rows as objects; 64-bit integers may be decimal strings. */
  async insertRows(table: string, rows: readonly object[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#guard(() =>
      this.#client.insert({
        table,
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: insert_settings as ClickHouseSettings,
      }),
    );
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.engine !== undefined && this.engine.state !== 'up') {
      throw new OperationalError(
        'engine_down',
        `the engine is ${this.engine.state}. ${this.engine.last_error}`.trim(),
      );
    }
    try {
      return await work();
    } catch (error) {
      throw explain(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.shards.slice(1).map((shard) => shard.close()));
    await this.#client.close();
    this.#agent?.destroy();
    await this.engine?.stop();
  }
}

/** Codes of ClickHouse that say a limit was reached. */
const limit_codes = new Set(['158', '159', '160', '241', '307', '396']);
/** NOT_ENOUGH_SPACE, CANNOT_WRITE_TO_FILE_DESCRIPTOR: nothing is wrong with what was sent. */
const disk_codes = new Set(['243', '75']);
const connection_codes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);

/** Whether the engine refused something because its disk is nearly full. */
export const isNoRoom = (error: unknown): boolean =>
  error instanceof OperationalError && error.details.no_room === true;

function explain(error: unknown): unknown {
  if (error instanceof ClickHouseError) {
    if (disk_codes.has(error.code))
      return new OperationalError(
        'engine_down',
        `there is no room on the engine's disk: ${error.message}`,
        { no_room: true },
        error,
      );
    return limit_codes.has(error.code)
      ? new OperationalError('query_too_large', error.message, {}, error)
      : error;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (
    (code !== undefined && connection_codes.has(code)) ||
    message === 'socket hang up' ||
    message.startsWith('Timeout error')
  ) {
    return new OperationalError('engine_down', `the engine does not answer: ${message}`, {}, error);
  }
  return error;
}
