/**
 * One SQL template, three renderings: `single` (one server or the embedded engine), `cluster`
 * (ReplicatedMergeTree under Distributed tables), `local_shards` (the cluster's queries on one server: every
 * shard is a view of the stored rows whose sensor hashes to it; for tests).
 *
 * A table has one name in queries, and in DDL and views the name under which it is stored:
 *
 *     rendering      stored as     queries read
 *     single         event         event
 *     cluster        event_local   event (Distributed over event_local)
 *     local_shards   event_stored  event (Distributed over the view event_local of event_stored)
 */
import assert from 'node:assert';
import { detect_bases, event_columns, parse_marks } from '@apiary/model/event.ts';

export type Rendering = 'single' | 'cluster' | 'local_shards';

/** Name of the cluster in the engine's configuration. */
export const cluster_name = 'apiary';

export function storedName(table: string, rendering: Rendering): string {
  return { single: table, cluster: `${table}_local`, local_shards: `${table}_stored` }[rendering];
}

/** What follows a table's name in DDL. */
export const onCluster = (rendering: Rendering): string =>
  rendering === 'cluster' ? ` ON CLUSTER '${cluster_name}'` : '';

/** Engine of a table that every node has whole, whatever its shard: what dictionaries are made of. */
export const everywhereEngine = (rendering: Rendering): string =>
  rendering === 'cluster'
    ? "ReplicatedMergeTree('/clickhouse/tables/everywhere/{database}/{table}', '{shard}-{replica}')"
    : 'MergeTree';

/**
 * Tables that the server fills by itself, and not the loader: they lie on the first shard alone, so that rows of one key
 * meet there. All others lie by sensor.
 */
export const home_tables: ReadonlySet<string> = new Set([
  'attack',
  'attack_event',
  'attribution',
  'erasure_found',
  'expired_count',
  'incident',
  'incident_attack',
  'retention_kept',
]);

/** Columns of every landing table, in the order in which the loader writes them. */
export const landing_columns = [
  ['sensor_id', 'UInt32'],
  ['stream', 'LowCardinality(String)'],
  ['source', 'LowCardinality(String)'],
  ['time_zone', 'LowCardinality(String)'],
  ['generation', 'UInt64'],
  ['place', 'UInt64'],
  ['version', 'UInt32'],
  ['flags', 'UInt16'],
  ['original_size', 'UInt32'],
  ['collect_ts', "DateTime64(6, 'UTC')"],
  ['segment_id', 'UInt64'],
  ['raw', 'String'],
] as const;

/** Columns that a record table takes over from the landing table as they are. */
const record_values = landing_columns.map(([name]) => name).filter((name) => name !== 'stream');

const quote = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

const record_columns = `sensor_id UInt32 COMMENT 'the sensor that wrote it',
  source LowCardinality(String) COMMENT 'file or table that it was read from',
  time_zone LowCardinality(String) COMMENT 'IANA zone of the sensor, where it writes local time',
  generation UInt64 COMMENT 'life of the source',
  place UInt64 COMMENT 'byte offset or row number in the source' CODEC(Delta, ZSTD(1)),
  version UInt32 COMMENT '0, then counting up when other bytes came at the same place',
  flags UInt16 COMMENT 'record_flags of the batch format',
  original_size UInt32 COMMENT 'bytes that the sensor wrote, before any cut',
  collect_ts DateTime64(6, 'UTC') COMMENT 'the gateway received it' CODEC(Delta, ZSTD(1)),
  segment_id UInt64 COMMENT 'journal segment that brought it',
  raw String COMMENT 'the bytes that the sensor wrote' CODEC(ZSTD(1)),
  detect_ts DateTime64(6, 'UTC') COMMENT 'the sensor saw it' CODEC(Delta, ZSTD(1)),
  detect_basis Enum8(${quote(detect_bases)}) COMMENT 'what detect_ts rests on',
  parse Enum8(${quote(parse_marks)}) COMMENT 'how far the bytes were understood',
  attacker_ip IPv6 COMMENT 'the attacker; IPv4 mapped; :: where unknown',
  attacker_country LowCardinality(String) COMMENT 'ISO 3166-1 alpha-2 at collection; empty where unknown',
  attacker_asn UInt32 COMMENT 'autonomous system at collection; 0 where unknown'`;

/** An acknowledged segment is dropped from the journal once it is in the engine, so it must be on disk there. */
const durable = 'fsync_after_insert = 1, fsync_part_directory = 1';
/**
 * A part of this size or less keeps its columns in one file. A segment of wide tables is more than the default of
 * 10 MB, and hundreds of files to create and sync made inserts half as fast (seen).
 */
const compact = 'min_bytes_for_wide_part = 134217728';

/** @param kind '', `Aggregating`, or `Replacing` with the column that decides */
function mergeTree(rendering: Rendering, kind = ''): string {
  const [family = '', column] = kind.split(' ');
  const last = column === undefined ? [] : [column];
  if (rendering !== 'cluster') return `${family}MergeTree${last.length === 0 ? '' : `(${column})`}`;
  const replicated = ["'/clickhouse/tables/{shard}/{database}/{table}'", "'{replica}'", ...last];
  return `Replicated${family}MergeTree(${replicated.join(', ')})`;
}

/** Settings at the end of a CREATE TABLE whose inserts carry tokens. */
function insertSettings(rendering: Rendering): string {
  const window =
    rendering === 'cluster' ? 'replicated_deduplication_window' : 'non_replicated_deduplication_window';
  return `${window} = 10000, ${durable}, ${compact}`;
}

function columnDefinitions(): string {
  return event_columns
    .map(({ name, type, comment, codec }) => {
      const packed = codec === undefined ? '' : ` CODEC(${codec})`;
      return `  ${name} ${type} COMMENT '${comment.replaceAll("'", "''")}'${packed}`;
    })
    .join(',\n');
}

function eventIdentity(type: string, table: string, ordinal: string): string {
  return `cityHash64(sensor_id, '${table}', generation, place, version, toUInt8(${ordinal})) AS event_id,
  sensor_id, '${type}' AS sensor_type, '${table}' AS sensor_table, generation, place, version, segment_id, collect_ts`;
}

/**
 * What JSONExtract can read of `raw`, as three aliases of a WITH. `wounded`: the bytes would make the whole JSON
 * unreadable to the engine: no UTF-8, half of a surrogate pair, or a number of 19 digits and more. Only such lines
 * are mended, in two steps: `spelled` is without bad bytes and half pairs, `text` has its numbers cut to 18 digits.
 */
const json_text = String.raw`match(raw, '\\\\u[dD][89a-fA-F]|[^.0-9][0-9]{19}') OR NOT isValidUTF8(raw) AS wounded,
    if(
      wounded,
      replaceRegexpAll(
        toValidUTF8(raw),
        '(\\\\\\\\|\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
        '\\1'
      ),
      raw
    ) AS spelled,
    if(wounded, replaceRegexpAll(spelled, '("(?:[^"\\\\]|\\\\.)*"|[0-9]{18})[0-9]*', '\\1'), raw) AS text`;

/** Columns of a record table of whole files (model/submodule.ts, FileStream). */
const artifact_columns = `path String COMMENT 'path of the file on the host of the collector; bytes that are no UTF-8 in hexadecimal behind hex:',
  kind LowCardinality(String) COMMENT 'what the file is',
  sha256 String COMMENT 'SHA-256 of the file; of the part that was taken where it could not be read to its end',
  taken_sha256 String COMMENT 'SHA-256 of what was taken: the bytes lie under it',
  size UInt64 COMMENT 'bytes of the file',
  size_taken UInt64 COMMENT 'bytes that were taken',
  mtime DateTime64(6, 'UTC') COMMENT 'last change of the file, by the host of the collector',
  cut Bool COMMENT 'longer than the limit: only the beginning was taken',
  INDEX sha256_filter sha256 TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX taken_sha256_filter taken_sha256 TYPE bloom_filter(0.01) GRANULARITY 4`;

/** The whole SELECT of a record table of files. */
const artifact_select = (
  landing: string,
): string => `WITH JSONExtract(raw, 'Tuple(path String, kind String, sha256 String, taken_sha256 String, size Int64, size_taken Int64, mtime String, cut Bool)') AS j,
    parseDateTime64BestEffortOrNull(j.mtime, 6, 'UTC') AS written,
    {{sensible written}} AS sensible
SELECT {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    NOT isValidJSON(toValidUTF8(raw)), 'not_json',
    NOT isValidUTF8(raw), 'bad_utf8',
    NOT match(j.sha256, '^[0-9a-f]{64}$') OR NOT sensible OR j.kind = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  if(j.path = '', concat('hex:', JSONExtractString(raw, 'path', '$hex')), j.path) AS path,
  j.kind AS kind, j.sha256 AS sha256, if(j.taken_sha256 = '', j.sha256, j.taken_sha256) AS taken_sha256,
  accurateCastOrDefault(j.size, 'UInt64') AS size, accurateCastOrDefault(j.size_taken, 'UInt64') AS size_taken,
  ifNull(written, toDateTime64(0, 6, 'UTC')) AS mtime, j.cut AS cut
FROM ${landing}`;

/**
 * A time that was written without its year, read as of the year 2000: the last such day that is not more than a day
 * after the record's receipt. 29 February of a year without one becomes the 28th.
 */
function withYear(time: string): string {
  const years = 'toYear(collect_ts) - 2000';
  return `if(addYears(${time}, ${years}) > collect_ts + INTERVAL 1 DAY, addYears(${time}, ${years} - 1), addYears(${time}, ${years}))`;
}

/** An address, with or without a port, in one part of X-Forwarded-For. */
const forwarded_address = '(?:[0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*';

/**
 * The client of a request: whom a trusted proxy (proxies.ts) speaks for, else who spoke to the honeypot.
 * @param sender column or alias with the address that spoke to the honeypot, as text
 * @param forwarded the same with what its X-Forwarded-For says; '' where it has none
 */
function clientOf(sender: string, forwarded: string): string {
  const spoke = `toIPv6OrDefault(${sender})`;
  const named = `arrayMap(part -> toIPv6OrDefault(extract(part, '${forwarded_address}')), splitByChar(',', ${forwarded}))`;
  const untrusted = `arrayFilter(one -> one != toIPv6('::') AND NOT dictHas('trusted_proxy', one), ${named})`;
  return `if(${forwarded} = '' OR NOT dictHas('trusted_proxy', ${spoke}), ${spoke}, arrayPushFront(${untrusted}, ${spoke})[-1])`;
}

export interface TemplateScope {
  rendering: Rendering;
  /** Name of the sensor type, for a submodule's templates. */
  type?: string;
  /** The record table that a SELECT of records.sql fills, or one of events.sql reads. */
  table?: string;
}

/**
 * Expands `{{word argument}}`.
 * @throws an assertion for a word that does not exist: templates are our own text.
 */
export function renderTemplate(template: string, scope: TemplateScope): string {
  return template.replace(/\{\{\s*(\w+)(?:\s+([^}]*?))?\s*\}\}/g, (_, word: string, argument = '') =>
    expand(word, argument as string, scope),
  );
}

function expand(word: string, argument: string, scope: TemplateScope): string {
  const { rendering } = scope;
  switch (word) {
    case 'table':
      return `${storedName(argument, rendering)}${onCluster(rendering)}`;
    case 'record':
      return storedName(argument, rendering);
    case 'landing':
      assert(scope.table !== undefined, 'landing outside records.sql');
      assert(
        scope.table.startsWith(`${argument}_`),
        `${scope.table} reads the landing tables of ${argument}`,
      );
      return storedName(`landing_${scope.table}`, rendering);
    case 'merge_tree':
      return mergeTree(rendering, argument);
    case 'insert_settings':
      return insertSettings(rendering);
    case 'event_columns':
      return columnDefinitions();
    case 'record_columns':
      return record_columns;
    case 'record_engine':
      return `ENGINE = ${mergeTree(rendering)} PARTITION BY toYYYYMM(collect_ts) ORDER BY (sensor_id, generation, place, version) SETTINGS ${insertSettings(rendering)}`;
    case 'artifact_columns':
      return artifact_columns;
    case 'artifact_select':
      return renderTemplate(artifact_select(`{{landing ${argument}}}`), scope);
    case 'record_values':
      return record_values.join(', ');
    case 'geo':
      return `dictGetOrDefault('geo_country', 'country', ${argument}, '') AS attacker_country, dictGetOrDefault('geo_as', 'asn', ${argument}, toUInt32(0)) AS attacker_asn`;
    case 'client': {
      const [sender = '', forwarded = '', ...rest] = argument.split(/\s+/);
      assert(forwarded !== '' && rest.length === 0, `{{client ${argument}}} names no sender and header`);
      return clientOf(sender, forwarded);
    }
    case 'json_text':
      return json_text;
    case 'zoned':
      return `if(time_zone = '', ${argument}, ${argument} - toIntervalSecond(dictGetOrDefault('zone', 'seconds', tuple(toString(time_zone)), ifNull(toInt64(toUnixTimestamp64Micro(${argument}) / 1000000), 0), toInt32(0))))`;
    case 'with_year':
      return withYear(argument);
    case 'sensible':
      return `ifNull(${argument} > '2000-01-01' AND ${argument} < collect_ts + INTERVAL 1 DAY, false)`;
    case 'event_identity':
      assert(scope.type !== undefined && scope.table !== undefined, 'event_identity outside events.sql');
      return eventIdentity(scope.type, scope.table, argument === '' ? '0' : argument);
    default:
      assert.fail(`a template uses {{${word}}}, which does not exist`);
  }
}

/** Names of the tables that a template creates, from its `{{table NAME}}`. */
export function createdTables(template: string): string[] {
  return [...template.matchAll(/CREATE TABLE\s+\{\{\s*table\s+(\w+)\s*\}\}/g)].map(
    (match) => match[1] as string,
  );
}

const fragment_pattern = /^-- define (\w+)\n((?:(?!-- (?:define|into|from) )[^\n]*\n)*)/gm;

/**
 * Puts the fragments of a file where they are used: `-- define NAME` begins one, which ends at the next header;
 * `{{use NAME a b}}` stands for its text, with a for its `{{1}}` and b for its `{{2}}`. Comment lines at its
 * beginning are left out.
 */
function expandFragments(text: string): string {
  const fragments = new Map<string, string>();
  const body = text.replace(fragment_pattern, (_, name: string, fragment: string) => {
    fragments.set(name, fragment.replace(/^(--[^\n]*\n)+/, '').trim());
    return '';
  });
  return body.replace(/\{\{use (\w+)([^}]*)\}\}/g, (_, name: string, words: string) => {
    const fragment = fragments.get(name);
    assert(fragment !== undefined, `{{use ${name}}} without -- define ${name}`);
    const values = words.trim().split(/\s+/);
    return fragment.replace(/\{\{([12])\}\}/g, (__, number: string) => values[Number(number) - 1] ?? '');
  });
}

/**
 * Splits a file of SELECTs at its header lines.
 * @param header `into` in records.sql, `from` in events.sql
 * @returns the table named by each header, with its SELECT
 */
export function splitSelects(text: string, header: 'into' | 'from'): { table: string; select: string }[] {
  const parts = expandFragments(text).split(new RegExp(`^-- ${header} (\\w+)[^\\n]*$`, 'm'));
  const selects: { table: string; select: string }[] = [];
  for (let index = 1; index < parts.length; index += 2) {
    selects.push({
      table: parts[index] as string,
      // A comment behind it speaks of the next; left there, it would hide what encloses a SELECT.
      select: (parts[index + 1] as string)
        .replace(/(\s*--[^\n]*)*\s*$/, '')
        .trim()
        .replace(/;$/, ''),
    });
  }
  return selects;
}

/** Statements of a file: separated by a semicolon at a line's end. */
export function splitStatements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.replace(/^(\s*--[^\n]*\n)+/, '').trim())
    .filter((statement) => statement !== '');
}
