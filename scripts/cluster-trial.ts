/**
 * `npm run -s cluster-trial -- [--keeper HOST:PORT] [--jars DIR]`: the schema of a cluster, as the first start makes it,
 * before four embedded engines, two shards of two replicas, with a real ZooKeeper. Says what of it they take, and what these engines
 * cannot do. Without --keeper it starts Debian's ZooKeeper (packages zookeeper and default-jre-headless; their jars lie in
 * DIR), in a folder of its own. Ends with 1 where a statement is refused.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepareSchema } from '@apiary/server/store/prepare-schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { openNodes } from '../tests/rig/cluster-nodes.ts';
import { freePorts } from '../tests/rig/ports.ts';

const up_within_ms = 30_000;
const answer_within_ms = 10_000;
const on_cluster = " ON CLUSTER 'apiary'";
/** What needs a replicated table that can be written. */
const needs_writing = /^(TRUNCATE|SYSTEM)/;

/** Those that Debian's zookeeper.jar names and a server alone needs. */
const zookeeper_jars = [
  ...['zookeeper', 'zookeeper-jute', 'metrics-core', 'slf4j-api', 'snappy-java', 'commons-cli', 'commons-io'],
  ...['netty-buffer', 'netty-common', 'netty-handler', 'netty-transport'],
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (error: unknown): string => (error as Error).message.split('\n')[0]!.slice(0, 200);

async function startZooKeeper(jars: string): Promise<{ address: string; stop: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-zookeeper-'));
  const [port] = (await freePorts(1)) as [number];
  const settings = `tickTime=2000\ndataDir=${directory}/data\nclientPort=${port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n`;
  writeFileSync(join(directory, 'zoo.cfg'), settings);
  const child: ChildProcess = spawn(
    'java',
    [
      ...['-Xmx256m', '-cp', zookeeper_jars.map((name) => join(jars, `${name}.jar`)).join(':')],
      ...['org.apache.zookeeper.server.quorum.QuorumPeerMain', join(directory, 'zoo.cfg')],
    ],
    { stdio: 'ignore' },
  );
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  let failed: string | undefined;
  child.on('error', (error) => {
    failed = error.message;
  });
  child.on('exit', (code) => {
    failed ??= `it ended with ${code}`;
  });
  for (let waited_ms = 0; failed === undefined && waited_ms < up_within_ms; waited_ms += 200) {
    if (await answers(port)) return { address: `127.0.0.1:${port}`, stop };
    await sleep(200);
  }
  stop();
  throw new Error(
    `ZooKeeper does not start from ${jars} (${failed ?? 'it does not answer'}): apt-get install zookeeper default-jre-headless, or name a Keeper with --keeper`,
  );
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** All that the first start of a server with these submodules says to one node, in its order. */
async function recordStart(): Promise<string[]> {
  const statements: string[] = [];
  const recorder = {
    rendering: 'cluster',
    command: async (sql: string) => void statements.push(sql),
    query: async (sql: string) =>
      sql.includes('system.clusters')
        ? [{ count: '1', shard: '1' }]
        : sql.includes('currentDatabase() AS name')
          ? [{ name: 'apiary' }]
          : [],
    insertTsv: async () => undefined,
    insertRows: async () => undefined,
  };
  await prepareSchema({ ...recorder, shards: [recorder] } as unknown as Store, submodules);
  return statements;
}

/** @returns how many were refused */
async function tryStatements(home: Store): Promise<number> {
  const statements = await recordStart();
  const run = statements.filter((sql) => !needs_writing.test(sql));
  let refused = 0;
  const began = performance.now();
  for (const sql of run)
    try {
      await home.command(sql);
    } catch (error) {
      refused += 1;
      say(`refused: ${sql.slice(0, 120)} …\n  ${tell(error)}`);
    }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  say(
    `${run.length - refused} of ${run.length} statements of a first start were taken by four nodes, without ON CLUSTER, in ${seconds} s; ${statements.length - run.length} more need a table that can be written (${statements.filter((sql) => needs_writing.test(sql)).join('; ')})`,
  );
  return refused;
}

async function tellReplicas(home: Store): Promise<void> {
  for (const [index, node] of home.shards.entries()) {
    const rows = await node.query<{ total: number; tables: string; readonly: string; path: string }>(
      `SELECT total_replicas AS total, count() AS tables, countIf(is_readonly) AS readonly, any(zookeeper_path) AS path FROM system.replicas GROUP BY total, zookeeper_path LIKE '%/everywhere/%' ORDER BY total`,
    );
    for (const { total, tables, readonly, path } of rows)
      say(
        `first node of shard ${index + 1}: ${tables} replicated tables with ${total} replicas each, ${readonly} read-only, as ${path}`,
      );
  }
}

/** Says what a statement is answered. */
async function tryOne(what: string, work: () => Promise<unknown>): Promise<void> {
  const answer = await Promise.race([
    work().then(
      (rows) => `taken${rows === undefined ? '' : `: ${JSON.stringify(rows)}`}`,
      (error: unknown) => tell(error),
    ),
    sleep(answer_within_ms, `no answer within ${answer_within_ms / 1000} s`),
  ]);
  say(`${what}: ${answer}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keeper: { type: 'string' }, jars: { type: 'string' } } });
  const own =
    values.keeper === undefined ? await startZooKeeper(values.jars ?? '/usr/share/java') : undefined;
  const { home, close } = await openNodes({ shards: 2, replicas: 2, keeper: values.keeper ?? own!.address });
  try {
    const refused = await tryStatements(home);
    await tellReplicas(home);
    const [first] = home.shards;
    // As a server sends it; the rig's nodes take it out.
    await tryOne('ON CLUSTER', () =>
      Store.prototype.command.call(first, `CREATE TABLE trial${on_cluster} (a UInt8) ENGINE = Null`),
    );
    await tryOne('a count over both shards', () => first!.query('SELECT count() AS count FROM event'));
    await tryOne('the same of the first alone', () =>
      first!.query('SELECT count() AS count FROM event_local'),
    );
    const where = 'event_id IN (SELECT event_id FROM apiary.retention_kept)';
    await tryOne('a deletion that asks a table', () =>
      first!.command(`ALTER TABLE event_local DELETE WHERE ${where} SETTINGS mutations_sync = 0`),
    );
    await tryOne('the same, allowed', () =>
      first!.command(
        `ALTER TABLE event_local DELETE WHERE ${where} SETTINGS mutations_sync = 0, allow_nondeterministic_mutations = 1`,
      ),
    );
    await tryOne('an insert', () =>
      first!.insertTsv('erased_record_local', ['sensor_id', 'sensor_table'], Buffer.from('1\tx\n'), 'token'),
    );
    return refused === 0 ? 0 : 1;
  } finally {
    await close();
    own?.stop();
  }
}

process.exitCode = await main();
