/**
 * The contract of a submodule: all that is particular to one sensor type, in one folder. The collector
 * takes only the streams (submodules/streams.ts), the server the rest.
 */

export const interaction_levels = ['low', 'medium', 'high'] as const;
export type InteractionLevel = (typeof interaction_levels)[number];
export const honeypot_roles = ['server', 'client'] as const;
export type HoneypotRole = (typeof honeypot_roles)[number];

/** Lines of a text file, each one record. */
export interface LineStream {
  kind: 'lines';
  /** Name in batches and in the landing table; [a-z][a-z0-9_]*. */
  stream: string;
  /** Usual places of the file, as glob patterns, for discovery and for the example configuration. */
  usual_paths: readonly string[];
  /** The first line names the columns (CSV): it is part of the generation and is sent like any line. */
  has_header?: true;
  /** Another stream of the type that tells the same, or several: one of them is read, and not this one where another is there. */
  repeats?: string | readonly string[];
}

/** Rows of the tables of one SQLite database; each table is a stream. */
export interface SqliteStream {
  kind: 'sqlite';
  usual_paths: readonly string[];
  /**
   * The table whose lowest row, with the schema, names this life of the database; where a program writes databases of
   * several sorts, one of each: the first that is there.
   */
  generation_table: string | readonly string[];
  /** May have the streams of the type's MySQL database, where the program has the same tables in both. */
  tables: readonly SqliteTable[];
  /** As of lines. */
  repeats?: string | readonly string[];
}

/**
 * One table. Its rows travel as JSON: `{"row": {…}, "parent": {…}, "grandparent": {…}}`, the last where the
 * parent's table declares a parent itself; columns in the order of the table;
 * integers beyond 2^53 as decimal strings, BLOBs and text that is no UTF-8 as `{"$hex": "…"}`, infinite
 * numbers as strings. The place is the rowid.
 */
export interface SqliteTable {
  stream: string;
  table: string;
  /** A row of `table` goes with its parent row, found by parent.key = row.column. */
  parent?: { table: string; column: string; key: string };
  /** Rows may change after they were written; the reader looks again at this many of the newest. */
  changes_within_rows?: number;
}

/** What a file is: how it is shown and played again. */
export const artifact_kinds = ['terminal_recording', 'download', 'capture', 'bistream', 'other'] as const;
export type ArtifactKind = (typeof artifact_kinds)[number];

/**
 * Whole files. Each is one record, JSON: `{"path", "kind", "sha256", "size", "size_taken", "mtime", "cut"}`, a
 * path that is no UTF-8 as `{"$hex": "…"}`, `mtime` in ISO 8601 with microseconds. `sha256` is of the whole
 * file where it could be read to its end, else of the part that was taken. The bytes go beside the batches,
 * under the SHA-256 of what was taken: `sha256`, or where they were cut `taken_sha256`.
 */
export interface FileStream {
  kind: 'files';
  stream: string;
  usual_paths: readonly string[];
  holds: ArtifactKind;
  /** How a file belongs to other records of its sensor: they name its SHA-256, its path, or the session that its folder or name holds. */
  belongs_by: 'sha256' | 'path' | 'session';
  /** A file that nobody wrote to for so long is finished. */
  quiet_seconds: number;
}

/**
 * Files that hold records one after another in a form of their own. The reader finds where each begins and
 * ends; what is between is skipped.
 *
 * - `capture`: UDP datagrams of pcap and pcapng files. A record is JSON: `{"captured_us", "from", "from_port",
 *   "to", "to_port", "payload": {"$hex": "…"}}`; what came live by an intake has no `captured_us` and no `to`.
 * - `xml`: elements of one name, byte for byte.
 * - `paragraphs`: lines that follow each other, up to an empty line, which is left out.
 */
export interface FramedStream {
  kind: 'framed';
  stream: string;
  usual_paths: readonly string[];
  form: { kind: 'capture'; udp_port: number } | { kind: 'xml'; element: string } | { kind: 'paragraphs' };
  /** As of lines. */
  repeats?: string | readonly string[];
}

/**
 * Tables of one MySQL or MariaDB database, read from its binary logs. Rows travel as those of
 * SQLite do; the place is the key where it is a whole number, else 63 bits of the SHA-256 of its text. DATETIME and
 * TIMESTAMP are text, `2026-02-03 04:05:06`.
 */
export interface MysqlStream {
  kind: 'mysql';
  /** Binary logs as glob patterns, or their index file. */
  usual_paths: readonly string[];
  /** The database's usual name. */
  database: string;
  tables: readonly MysqlTable[];
  /**
   * Takes every other statement of the log that is about this database or about none: JSON `{"log", "position",
   * "time", "thread", "form", "verb", "database", "table", "sql", "sql_cut", "rows", "images", "error"}`. `time` is in
   * seconds since 1970; `form` says whether the rows that it changed are known (`row`, then `images` has the first of them
   * as `{"before", "after"}` and `rows` their number) or only what it says (`statement`); `verb` is in small letters;
   * `sql` is null where the log does not keep it; `error` is the server's number where it ended half done, else 0.
   * The place is the number of the log times 2^36 plus the position where its event ends.
   */
  statement_stream: string;
  /** As of lines. */
  repeats?: string | readonly string[];
}

export interface MysqlTable {
  stream: string;
  table: string;
  /** In the order of the program's own schema. */
  columns: readonly MysqlColumn[];
  /** Other orders that versions of the program had; taken by their number of columns. */
  earlier_columns?: readonly (readonly MysqlColumn[])[];
  /** The primary key. */
  key: string;
  /** A row of `table` goes with its parent row, found by parent.table's key = row.column. */
  parent?: { table: string; column: string };
  /** An update of these alone is a later version of the row; any other is kept as a statement. */
  changing_columns?: readonly string[];
}

export interface MysqlColumn {
  name: string;
  /** What the binary log does not say by itself: text or bytes, and whether a number has a sign. */
  type: 'text' | 'binary' | 'integer' | 'unsigned' | 'number' | 'time';
  /** What a row has that does not name the column; null where nothing is set here. */
  default?: string | number;
}

/**
 * Readings of a container, taken from its host by a collector there; nothing of it is in the container. A record is
 * JSON: `{"container", "time", "kind", …}`, `time` in ISO 8601 with microseconds by the host's clock.
 */
export interface HostStream {
  kind: 'host';
  stream: string;
  usual_paths: readonly [];
  reads: 'network' | 'capture' | 'resources' | 'processes' | 'keystrokes' | 'files';
}

export type StreamSource = LineStream | SqliteStream | MysqlStream | FileStream | FramedStream | HostStream;

/** The key under which a collector's configuration takes the paths of a source. */
export const pathKey = (source: StreamSource): string => ('stream' in source ? source.stream : source.kind);

export interface SubmoduleStreams {
  /** [a-z][a-z0-9_]*; the folder, the prefix of the tables, the sensor type. */
  name: string;
  title: string;
  sources: readonly StreamSource[];
}

export interface Submodule extends SubmoduleStreams {
  interaction: InteractionLevel;
  role: HoneypotRole;
  /** Home of the program, and the versions whose output was read in its source. */
  homepage: string;
  versions: string;
  /** The folder on disk; migrations, records.sql, events.sql, reports and samples are found in it. */
  folder: URL;
}

/** Streams that tell the same as a source. */
export const repeatedBy = (source: StreamSource): string[] =>
  'repeats' in source ? [source.repeats ?? []].flat() : [];

/** Names of all streams of a submodule, each once. */
export function streamNames(submodule: SubmoduleStreams): string[] {
  const names = submodule.sources.flatMap((source) => {
    if ('stream' in source) return [source.stream];
    const of_tables = source.tables.map((table) => table.stream);
    return source.kind === 'mysql' ? [...of_tables, source.statement_stream] : of_tables;
  });
  return [...new Set(names)];
}
