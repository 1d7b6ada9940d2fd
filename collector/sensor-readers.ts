/** The readers of one sensor, and whether its honeypot is alive. */
import { join } from 'node:path';
import { type HostStream, pathKey, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import type { CollectorOptions } from './collector.ts';
import type { SensorConfig } from './config.ts';
import { type ContainerChoice, Containers } from './host/containers.ts';
import { HostReader } from './host/host-reader.ts';
import { makeProbe } from './host/probes.ts';
import { ArtifactReader } from './readers/artifact.ts';
import { BinlogReader } from './readers/binlog.ts';
import { FramedReader } from './readers/framed.ts';
import { LineReader } from './readers/lines.ts';
import { MysqlLooksReader } from './readers/mysql-looks.ts';
import type { ReadBuffers, Reader, ReaderStatus } from './readers/reader.ts';
import { SqliteReader } from './readers/sqlite.ts';
import type { ArtifactSpool } from './spool/artifacts.ts';
import type { Chain } from './spool/chain.ts';
import { findMissing } from './watch.ts';

const watch_every_ms = 5000;
const containers = new Containers();

/** Whether rows of MySQL come from this sensor, by its binary logs or a connection. */
export const readsMysql = (
  { type, paths, mysql }: SensorConfig,
  streams: readonly SubmoduleStreams[],
): boolean =>
  mysql?.connection !== undefined ||
  streams.some(
    ({ name, sources }) =>
      name === type &&
      sources.some((source) => source.kind === 'mysql' && (paths[pathKey(source)]?.length ?? 0) > 0),
  );

export interface Followed {
  sensor: string;
  path: string;
  offset: number;
  size: number;
}

export class SensorReaders {
  readonly config: SensorConfig;
  readonly chain: Chain;
  readonly readers: Reader[] = [];
  /** What network intakes bring to this sensor. */
  readonly feeds: Pick<Reader, 'status'>[] = [];
  /** What of process and port is missing; '' where nothing is watched or missing. */
  missing = '';
  #timers = new Set<NodeJS.Timeout>();
  #is_stopped = false;

  constructor(
    config: SensorConfig,
    chain: Chain,
    buffers: ReadBuffers,
    options: CollectorOptions,
    streams: readonly SubmoduleStreams[],
    artifacts: ArtifactSpool,
  ) {
    this.config = config;
    this.chain = chain;
    const { limits } = options.config;
    const submodule = config.raw ?? streams.find((one) => one.name === config.type);
    for (const source of submodule?.sources ?? []) {
      if (source.kind === 'host') {
        if (config.container !== undefined) this.#lookFromHost(source, config.container, options, artifacts);
        continue;
      }
      if (source.kind === 'mysql' && config.mysql?.connection !== undefined) {
        this.readers.push(
          new MysqlLooksReader(chain, {
            source,
            connection: config.mysql.connection,
            database: config.mysql.database ?? source.database,
            work_folder: join(options.dir, 'work', config.name),
            record_bytes_max: limits.line_bytes_max,
            records_max: limits.records_max,
            time_zone: config.time_zone,
          }),
        );
        continue;
      }
      const paths = config.paths[pathKey(source)];
      if (paths === undefined || paths.length === 0) continue;
      if (source.kind === 'lines') {
        this.readers.push(
          new LineReader(chain, buffers, {
            stream: source.stream,
            patterns: paths,
            has_header: source.has_header === true,
            line_bytes_max: limits.line_bytes_max,
            records_max: limits.records_max,
            time_zone: config.time_zone,
            is_final: options.is_final ?? false,
            ...(options.idle_ms === undefined ? {} : { idle_ms: options.idle_ms }),
          }),
        );
      } else if (source.kind === 'files') {
        const { bytes_max, takes_hard_links, quiet_seconds } = options.config.artifacts;
        this.readers.push(
          new ArtifactReader(chain, {
            source,
            sensor: config.name,
            patterns: paths,
            work_folder: join(options.dir, 'work', config.name),
            spool: artifacts,
            bytes_max,
            takes_hard_links,
            time_zone: config.time_zone,
            ...(quiet_seconds === undefined ? {} : { quiet_ms: quiet_seconds * 1000 }),
          }),
        );
      } else if (source.kind === 'framed') {
        this.readers.push(
          new FramedReader(chain, buffers, {
            source,
            patterns: paths,
            record_bytes_max: limits.line_bytes_max,
            time_zone: config.time_zone,
          }),
        );
      } else if (source.kind === 'mysql') {
        this.readers.push(
          new BinlogReader(chain, {
            source,
            patterns: paths,
            database: config.mysql?.database ?? source.database,
            work_folder: join(options.dir, 'work', config.name),
            record_bytes_max: limits.line_bytes_max,
            records_max: limits.records_max,
            time_zone: config.time_zone,
          }),
        );
      } else if (source.kind === 'sqlite') {
        this.readers.push(
          new SqliteReader(chain, {
            source,
            path: paths[0]!,
            work_folder: join(options.dir, 'work', config.name),
            record_bytes_max: limits.line_bytes_max,
            records_max: limits.records_max,
            time_zone: config.time_zone,
          }),
        );
      }
    }
  }

  #lookFromHost(
    { reads, stream }: HostStream,
    choice: ContainerChoice,
    { dir, config }: CollectorOptions,
    spool: ArtifactSpool,
  ): void {
    const { bytes_max, quiet_seconds } = config.artifacts;
    const sensor = this.config.name;
    const probe = makeProbe(reads, choice, {
      ...{ sensor, work_folder: join(dir, 'work', sensor), spool, bytes_max },
      ...(quiet_seconds === undefined ? {} : { quiet_ms: quiet_seconds * 1000 }),
    });
    if (probe === undefined) return;
    const record_bytes_max = config.limits.line_bytes_max;
    this.readers.push(new HostReader(this.chain, { stream, choice, containers, probe, record_bytes_max }));
  }

  start(): void {
    for (const reader of this.readers) void this.#loop(reader);
    if (this.config.watch !== undefined) this.#watch();
  }

  async #loop(reader: Reader): Promise<void> {
    await reader.poll();
    this.#later(reader.poll_ms, () => void this.#loop(reader));
  }

  #later(ms: number, work: () => void): void {
    if (this.#is_stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  #watch(): void {
    this.missing = findMissing(this.config.watch!);
    this.#later(watch_every_ms, () => this.#watch());
  }

  statuses(): ReaderStatus[] {
    return [...this.readers, ...this.feeds].map((reader) => reader.status());
  }

  followed(): Followed[] {
    return this.statuses().flatMap((status) =>
      status.followed.map((source) => ({ sensor: this.config.name, ...source })),
    );
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.readers.map((reader) => reader.stop()));
  }
}
