/** `apiary doctor --cluster`: questions to a ClickHouse cluster before and while Apiary runs on it. */
import { type Finding, fail, ok } from '@apiary/model/finding.ts';
import { findMisplaced, findNodeMistakes } from './store/shards.ts';
import type { Store } from './store/store.ts';
import { cluster_name, storedName } from './store/template.ts';

interface Question {
  check: string;
  sql: string;
  /** What is wrong with a row; '' where nothing is. */
  judge: (rows: Record<string, string>[]) => string;
  remedy: string;
}

const version_least = 25;
const lag_seconds_max = 300;
const free_part_least = 0.1;

export const cluster_questions: readonly Question[] = [
  {
    check: 'version',
    sql: 'SELECT version() AS version',
    judge: ([row]) =>
      Number(row!.version!.split('.')[0]) >= version_least ? '' : `ClickHouse ${row!.version} is too old`,
    remedy: `Use ${version_least}.3 or later on all nodes.`,
  },
  {
    check: 'nodes',
    sql: `SELECT toString(shard_num) AS shard, toString(count()) AS replicas, toString(max(errors_count)) AS errors FROM system.clusters WHERE cluster = '${cluster_name}' GROUP BY shard_num ORDER BY shard_num`,
    judge: (rows) => {
      if (rows.length === 0) return `there is no cluster named ${cluster_name}`;
      const single = rows.filter(({ replicas }) => replicas === '1');
      if (single.length > 0)
        return `the shards ${single.map(({ shard }) => shard).join(', ')} have one replica`;
      const errors = rows.filter((row) => row.errors !== '0');
      return errors.length === 0
        ? ''
        : `nodes of the shards ${errors.map(({ shard }) => shard).join(', ')} had errors`;
    },
    remedy: `Name the cluster ${cluster_name} in remote_servers, with two replicas for each shard.`,
  },
  {
    check: 'macros',
    sql: "SELECT macro FROM system.macros WHERE macro IN ('shard', 'replica')",
    judge: (rows) => (rows.length === 2 ? '' : 'the macros shard and replica are not both set'),
    remedy: 'Set both in the configuration of each node: paths of replicated tables are made of them.',
  },
  {
    check: 'keeper',
    sql: 'SELECT name, toString(is_expired) AS is_expired FROM system.zookeeper_connection',
    judge: (rows) =>
      rows.length > 0 && rows.every(({ is_expired }) => is_expired === '0')
        ? ''
        : 'there is no session with Keeper',
    remedy:
      'Configure zookeeper (or keeper) on each node, an odd number of Keepers, and see that they answer.',
  },
  {
    check: 'replicas',
    sql: `SELECT table, toString(is_readonly) AS is_readonly, toString(absolute_delay) AS delay, toString(queue_size) AS queue FROM system.replicas AS r WHERE r.is_readonly = 1 OR r.absolute_delay > ${lag_seconds_max}`,
    judge: (rows) => rows.map(({ table, delay }) => `${table} is read-only or ${delay} s behind`).join('; '),
    remedy: 'See system.replication_queue of that node.',
  },
  {
    check: 'distribution',
    sql: 'SELECT table, toString(data_files) AS files, last_exception FROM system.distribution_queue WHERE data_files > 0',
    judge: (rows) =>
      rows
        .map(({ table, files }) => `${files} files wait in ${table}: something inserts through Distributed`)
        .join('; '),
    remedy: "Only the loader writes, and to the shards' own tables.",
  },
  {
    check: 'clocks',
    sql: `SELECT hostName() AS host, toString(abs(dateDiff('second', now(), toDateTime(${'{now:UInt32}'})))) AS seconds FROM clusterAllReplicas('${cluster_name}', system.one)`,
    judge: (rows) =>
      rows
        .filter(({ seconds }) => Number(seconds) > 5)
        .map(({ host, seconds }) => `the clock of ${host} is off by ${seconds} s`)
        .join('; '),
    remedy: 'Let NTP keep the clocks.',
  },
  {
    check: 'disks',
    sql: `SELECT name, path FROM system.disks WHERE total_space > 0 AND free_space < total_space * ${free_part_least}`,
    judge: (rows) => rows.map(({ name, path }) => `the disk ${name} at ${path} is nearly full`).join('; '),
    remedy: 'Make room, or lower the budgets of the retention.',
  },
  {
    check: 'mutations',
    sql: "SELECT table, latest_fail_reason AS reason FROM system.mutations WHERE NOT is_done AND latest_fail_reason != ''",
    judge: (rows) => rows.map(({ table, reason }) => `${table}: ${reason}`).join('; '),
    remedy: 'Mend the reason; KILL MUTATION only where nothing else helps.',
  },
];

/** Where the named node stands by its own configuration: in its shard, and before the shard's other replicas. */
async function findPlace(node: Pick<Store, 'query'>, index: number): Promise<string> {
  const [row] = await node.query<{ shard: string; replica: string }>(
    `SELECT toString(shard_num) AS shard, toString(replica_num) AS replica FROM system.clusters WHERE cluster = '${cluster_name}' AND is_local`,
  );
  if (row === undefined) return `the node of shard ${index + 1} is none of its cluster ${cluster_name}`;
  const { shard, replica } = row;
  if (shard !== String(index + 1))
    return `the node that is named for shard ${index + 1} is one of shard ${shard}`;
  return replica === '1' ? '' : `the node of shard ${shard} is its replica ${replica}, and another is read`;
}

/** What concerns the shards together: how many, which, and whose events lie where. */
async function examineShards({ shards, rendering }: Pick<Store, 'shards' | 'rendering'>): Promise<Finding[]> {
  const ask = async (check: string, remedy: string, find: () => Promise<string[]>): Promise<Finding> => {
    const wrong = await find().catch((error: unknown) => [tellError(error)]);
    return wrong.length === 0 ? ok(check, 'as it should be') : fail(check, wrong.join('; '), remedy);
  };
  return [
    await ask(
      'cluster shards',
      'Name in store.shards one node of each shard, in the order of remote_servers, the same number of shards on all nodes, and give each shard a macro of its own.',
      () => findNodeMistakes({ shards }),
    ),
    await ask(
      'cluster order',
      'List the shards in the order of store.shards, and in each first the node that is named there: of replicas the first is read, and only the one that is written to is never behind.',
      async () =>
        (await Promise.all(shards.map((node, index) => findPlace(node, index)))).filter((one) => one !== ''),
    ),
    await ask(
      'cluster placement',
      'Give store.shards back the nodes and the order that it had: resharding is not provided for.',
      async () => {
        const [table] = await shards[0]!.query(
          `SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '${storedName('event', rendering)}'`,
        );
        return table === undefined ? [] : findMisplaced({ shards, rendering });
      },
    ),
  ];
}

const tellError = (error: unknown): string => (error as Error).message.split('\n')[0]!.slice(0, 300);

/** Every question, asked of the named node of each shard; one that cannot be asked is a finding as well. */
export async function examineCluster(
  { shards, rendering }: Pick<Store, 'shards' | 'rendering'>,
  now_ms: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [index, node] of shards.entries()) {
    const place = shards.length === 1 ? 'cluster' : `cluster, shard ${index + 1},`;
    for (const { check, sql, judge, remedy } of cluster_questions)
      try {
        const rows = await node.query<Record<string, string>>(sql, { now: Math.floor(now_ms / 1000) });
        const wrong = judge(rows);
        findings.push(
          wrong === ''
            ? ok(`${place} ${check}`, 'as it should be')
            : fail(`${place} ${check}`, wrong, remedy),
        );
      } catch (error) {
        findings.push(fail(`${place} ${check}`, tellError(error), remedy));
      }
  }
  return [...findings, ...(await examineShards({ shards, rendering }))];
}
