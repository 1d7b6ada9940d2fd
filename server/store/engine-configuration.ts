import type { EngineProcessOptions } from './engine-process.ts';

const mib = 1024 * 1024;

/** How often the engine's process says that it lives. */
export const alive_every_ms = 1000;

/** Where the engine may write backups: beside its database, on the same file system. */
export const backupFolder = (directory: string): string => `${directory}-backup`;

const escapeXml = (text: string): string =>
  text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The engine's configuration file. The defaults of its caches are made for machines of 100 GB. */
export function engineConfiguration(
  options: Pick<
    EngineProcessOptions,
    'directory' | 'memory_bytes_max' | 'local_shards' | 'kept_free_bytes' | 'configuration'
  >,
): string {
  const shard = '<shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard>';
  const shards = `<tcp_port>9000</tcp_port><remote_servers><apiary>${shard}${shard}</apiary></remote_servers>`;
  return `<clickhouse>
  <max_server_memory_usage>${options.memory_bytes_max}</max_server_memory_usage>
  <mark_cache_size>${256 * mib}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>${64 * mib}</index_mark_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <query_cache><max_size_in_bytes>0</max_size_in_bytes></query_cache>
  <background_pool_size>4</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <storage_configuration><disks><default><keep_free_space_bytes>${options.kept_free_bytes}</keep_free_space_bytes></default></disks></storage_configuration>
  <backups><allowed_path>${escapeXml(backupFolder(options.directory))}</allowed_path></backups>
  ${options.local_shards ? shards : ''}${options.configuration}
</clickhouse>
`;
}
