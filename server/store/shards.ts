/**
 * Which shard of a cluster a sensor's rows lie on. The loader decides it by the engine's own cityHash64(sensor_id), the
 * sharding key of the Distributed tables, so that both always say the same.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import { Store, type StoreOptions } from './store.ts';
import { cluster_name, storedName } from './template.ts';

const bits_64 = (1n << 64n) - 1n;
const city_seed = 0x4cf2d2baae6da887n;

/**
 * The engine's cityHash64 of a UInt32. For whole numbers of up to eight bytes that is not CityHash, but the last steps
 * of MurmurHash3 over the number and a seed (ClickHouse, src/Functions/FunctionsHashing.h, IntHash64Impl).
 */
export function hashSensor(sensor_id: number): bigint {
  let hash = BigInt(sensor_id) ^ city_seed;
  hash = ((hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn) & bits_64;
  hash = ((hash ^ (hash >> 33n)) * 0xc4ceb9fe1a85ec53n) & bits_64;
  return hash ^ (hash >> 33n);
}

/** @returns the index of the sensor's shard, from 0 */
export const shardOf = (sensor_id: number, shards: number): number =>
  shards === 1 ? 0 : Number(hashSensor(sensor_id) % BigInt(shards));

/** @param urls one node of each shard, the first of them that of the store itself; empty where there is one shard */
export const clusterOptions = (urls: readonly string[]): Pick<StoreOptions, 'rendering' | 'others'> => ({
  rendering: 'cluster',
  others: urls.slice(1).map((url) => new Store({ url, rendering: 'cluster' })),
});

/** In sentences, what is wrong with the nodes that `store.shards` names, before any table is looked at. */
export async function findNodeMistakes({ shards }: Pick<Store, 'shards'>): Promise<string[]> {
  const mistakes: string[] = [];
  const named = new Map<string, number>();
  for (const [index, node] of shards.entries()) {
    const place = `the node of shard ${index + 1}`;
    const [row] = await node.query<{ count: string; shard: string }>(
      `SELECT uniqExact(shard_num) AS count, (SELECT max(substitution) FROM system.macros WHERE macro = 'shard') AS shard FROM system.clusters WHERE cluster = '${cluster_name}'`,
    );
    const { count, shard } = row!;
    if (Number(count) !== shards.length)
      mistakes.push(
        `${place} has ${count} shards in its cluster ${cluster_name}, and store.shards names ${shards.length}`,
      );
    const other = named.get(shard);
    if (other !== undefined)
      mistakes.push(`${place} has the macro shard "${shard}", as the node of shard ${other + 1} has`);
    named.set(shard, index);
  }
  return mistakes;
}

/** In sentences, which sensors' events lie on another shard than the loader would write them to. */
export async function findMisplaced({
  shards,
  rendering,
}: Pick<Store, 'shards' | 'rendering'>): Promise<string[]> {
  const mistakes: string[] = [];
  for (const [index, node] of shards.entries()) {
    const sensors = await node.query<{ sensor_id: number }>(
      `SELECT DISTINCT sensor_id FROM ${storedName('event', rendering)} ORDER BY sensor_id`,
      {},
      { seconds_max: 300 },
    );
    const elsewhere = sensors.filter(({ sensor_id }) => shardOf(sensor_id, shards.length) !== index);
    if (elsewhere.length > 0)
      mistakes.push(
        `shard ${index + 1} has events of ${elsewhere.length} sensors that belong to other shards, the first of them ${elsewhere[0]!.sensor_id}: the number of shards or their order has changed`,
      );
  }
  return mistakes;
}

/** @throws OperationalError `config_invalid` */
export function requireNone(mistakes: readonly string[]): void {
  if (mistakes.length > 0)
    throw new OperationalError('config_invalid', `the cluster: ${mistakes.join('; ')}`);
}
