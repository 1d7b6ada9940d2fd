/**
 * Records that wait raw in `record_waiting`, because their type had no submodule when they came or no view took them.
 * At a start, before anything is loaded, those come in for which there is a submodule now: from there they are records
 * and events like any others, with `record_flags.waited`.
 *
 * Chunks in the order of their keys go in under tokens that say where they begin. They leave `record_waiting` when all
 * of their sensor and stream are in, so that a start that dies finds the same chunks under the same tokens.
 */
import assert from 'node:assert';
import { record_flags } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { mendDoubles } from './mend.ts';
import { row_columns, splitRows } from './rows.ts';

const chunk_records = 20_000;
/** So many that are refused one by one are the fault of a view, and not of the records. */
const refused_max = 50;

export interface ReleaseOptions {
  store: Store;
  /** Of a sensor; undefined where none of this number is known. */
  typeOf: (sensor_id: number) => string | undefined;
  /** Streams of each type that has a submodule. */
  streams: ReadonlyMap<string, ReadonlySet<string>>;
  /** Is told what came in, before it leaves the table of those that wait. */
  note: (released: Released) => void;
  log: (message: string) => void;
}

export interface Released {
  sensor_id: number;
  /** Where they are records now. */
  table: string;
  records: number;
}

/** One record's place among those of its sensor and stream; decimal. */
interface Key {
  generation: string;
  place: string;
  version: string;
}

interface Group {
  sensor_id: number;
  stream: string;
}

/**
 * @returns records that came in
 * @throws OperationalError engine_down; the next call goes on where this one ended
 */
export async function releaseWaiting(options: ReleaseOptions): Promise<number> {
  const { store, typeOf, streams } = options;
  let released = 0;
  for (const node of store.shards) {
    const groups = await node.query<Group>(
      `SELECT DISTINCT sensor_id, stream FROM ${storedName('record_waiting', node.rendering)} ORDER BY sensor_id, stream`,
    );
    for (const group of groups) {
      const type = typeOf(group.sensor_id);
      if (type === undefined || streams.get(type)?.has(group.stream) !== true) continue;
      released += await releaseGroup(options, node, group, `${type}_${group.stream}`);
    }
  }
  return released;
}

async function releaseGroup(
  { note, log }: ReleaseOptions,
  node: Store,
  group: Group,
  table: string,
): Promise<number> {
  const { sensor_id, stream } = group;
  const refused: Key[] = [];
  const segments = new Set<string>();
  let last: Key | undefined;
  let read = 0;
  while (refused.length < refused_max) {
    const chunk = await readChunk(node, group, last);
    if (chunk.keys.length === 0) break;
    const token = `waiting/${sensor_id}/${stream}/${keyText(chunk.keys[0]!)}`;
    const indexes: number[] = [];
    const tried = await insertOrHalve(node, table, chunk.rows, token, indexes);
    for (const index of indexes) refused.push(chunk.keys[index]!);
    for (const { segment } of chunk.keys) segments.add(segment);
    read += tried;
    last = chunk.keys[tried - 1];
  }
  if (last === undefined) return 0;
  const came_in = read - refused.length;
  if (refused.length > 0)
    log(`${refused.length} records of sensor ${sensor_id} go on waiting: no view of ${table} takes them`);
  if (came_in === 0) return 0;
  // An engine that died between a part and its token has taken a chunk twice.
  for (const segment of segments) await mendDoubles(node, table, BigInt(segment));
  note({ sensor_id, table, records: came_in });
  const stay = refused.length === 0 ? '' : ` AND ${key_sql} NOT IN (${refused.map(keyText).join(', ')})`;
  await node.command(
    `ALTER TABLE ${storedName('record_waiting', node.rendering)} DELETE
     WHERE ${whereOf(group)} AND ${key_sql} <= ${keyText(last)}${stay} SETTINGS mutations_sync = 1`,
  );
  log(`${came_in} records of sensor ${sensor_id} that had waited are in ${table}`);
  return came_in;
}

const key_sql = '(generation, place, version)';
const keyText = ({ generation, place, version }: Key): string => `(${generation}, ${place}, ${version})`;

function whereOf({ sensor_id, stream }: Group): string {
  assert(/^[a-z][a-z0-9_]*$/.test(stream), 'the gateway refuses other names of streams');
  return `sensor_id = ${sensor_id} AND stream = '${stream}'`;
}

/** The next records of a group, behind a key. */
async function readChunk(
  node: Store,
  group: Group,
  behind: Key | undefined,
): Promise<{ rows: Buffer[]; keys: (Key & { segment: string })[] }> {
  const columns = row_columns.map((name) =>
    name === 'flags' ? `bitOr(flags, toUInt16(${record_flags.waited})) AS marked` : name,
  );
  const bytes = await node.queryBytes(
    `SELECT ${columns.join(', ')} FROM ${storedName('record_waiting', node.rendering)}
     WHERE ${whereOf(group)}${behind === undefined ? '' : ` AND ${key_sql} > ${keyText(behind)}`}
     ORDER BY generation, place, version LIMIT 1 BY generation, place, version LIMIT ${chunk_records}`,
    'TabSeparated',
    {},
    { seconds_max: 300 },
  );
  const rows = splitRows(bytes);
  const at = (name: (typeof row_columns)[number]): number => row_columns.indexOf(name);
  const keys = rows.map((row) => {
    // Bytes of the record are last, and behind what is looked at.
    const values = row.toString('latin1').split('\t', row_columns.length - 1);
    const value = (name: (typeof row_columns)[number]): string => String(BigInt(values[at(name)]!));
    return {
      generation: value('generation'),
      place: value('place'),
      version: value('version'),
      segment: value('segment_id'),
    };
  });
  return { rows, keys };
}

/**
 * @param refused gets the index of each row that the views refuse by itself
 * @returns how many rows, from the first on, were tried: not all where so many were refused that a view is at fault
 * @throws OperationalError where the engine cannot take any
 */
async function insertOrHalve(
  node: Store,
  table: string,
  rows: Buffer[],
  token: string,
  refused: number[],
  offset = 0,
): Promise<number> {
  try {
    const landing = storedName(`landing_${table}`, node.rendering);
    await node.insertTsv(landing, row_columns, Buffer.concat(rows), `${token}/${rows.length}`);
    return rows.length;
  } catch (error) {
    if (error instanceof OperationalError) throw error;
  }
  if (rows.length === 1) {
    refused.push(offset);
    return 1;
  }
  const middle = Math.floor(rows.length / 2);
  const tried = await insertOrHalve(node, table, rows.slice(0, middle), `${token}a`, refused, offset);
  if (tried < middle || refused.length >= refused_max) return tried;
  return (
    middle + (await insertOrHalve(node, table, rows.slice(middle), `${token}b`, refused, offset + middle))
  );
}
