/**
 * A cluster as far as embedded engines make one: a process for each shard, each with its macros and the cluster's
 * configuration. They do not listen, so that none of them reads another through a Distributed table, and they refuse
 * ON CLUSTER: such statements go to each of them by itself here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store, type StoreOptions } from '@apiary/server/store/store.ts';

const first_port = 19_001;
const on_cluster = " ON CLUSTER 'apiary'";

export interface NodesOptions {
  shards: number;
  /** Of each shard; 1 where absent. */
  replicas?: number;
  /**
   * host:port of a Keeper or ZooKeeper: replicated tables are made in it. Without one they are plain tables, since
   * embedded engines write to none that is replicated.
   */
  keeper?: string;
}

class Node extends Store {
  nodes: readonly Node[] = [];
  readonly #is_replicated: boolean;

  constructor(options: StoreOptions, is_replicated: boolean) {
    super({ ...options, rendering: 'cluster', connections: 2 });
    this.#is_replicated = is_replicated;
  }

  override async command(sql: string): Promise<void> {
    if (!sql.includes(on_cluster)) return super.command(this.#spell(sql));
    const spelled = sql.replace(on_cluster, '');
    // Nothing is behind where nothing is replicated.
    if (spelled.startsWith('SYSTEM SYNC REPLICA')) return;
    for (const node of this.nodes) await node.command(spelled);
  }

  #spell(sql: string): string {
    if (this.#is_replicated) return sql;
    return sql
      .replace(
        /Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, (\w+))?\)/,
        (_, family: string, column = '') => (column === '' ? family : `${family}(${column})`),
      )
      .replace('replicated_deduplication_window', 'non_replicated_deduplication_window');
  }
}

interface Place {
  shard: number;
  replica: number;
}

function configuration(place: Place, { shards, replicas = 1, keeper }: NodesOptions): string {
  const portOf = ({ shard, replica }: Place): number => first_port + shard * replicas + replica;
  const all = Array.from({ length: shards }, (_, shard) => {
    const nodes = Array.from({ length: replicas }, (__, replica) => portOf({ shard, replica }));
    const list = nodes.map((port) => `<replica><host>127.0.0.1</host><port>${port}</port></replica>`);
    return `<shard>${list.join('')}</shard>`;
  });
  const [host, port] = keeper?.split(':') ?? [];
  const zookeeper =
    keeper === undefined
      ? ''
      : `<zookeeper><node><host>${host}</host><port>${port}</port></node></zookeeper>`;
  return `<tcp_port>${portOf(place)}</tcp_port>${zookeeper}
  <macros><shard>${place.shard + 1}</shard><replica>node-${portOf(place) - first_port + 1}</replica></macros>
  <remote_servers><apiary>${all.join('')}</apiary></remote_servers>`;
}

/** @returns the first node of the first shard; its `shards` are the first nodes of all */
export async function openNodes(options: NodesOptions): Promise<{ home: Store; close: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-nodes-'));
  const { shards, replicas = 1, keeper } = options;
  const open = (place: Place, others: readonly Store[] = []): Node =>
    new Node(
      {
        directory: join(directory, `node-${place.shard + 1}-${place.replica + 1}`),
        configuration: configuration(place, options),
        others,
      },
      keeper !== undefined,
    );
  const others = Array.from({ length: shards - 1 }, (_, index) => open({ shard: index + 1, replica: 0 }));
  const further = Array.from({ length: shards * (replicas - 1) }, (_, index) =>
    open({ shard: index % shards, replica: 1 + Math.floor(index / shards) }),
  );
  const home = open({ shard: 0, replica: 0 }, others);
  home.nodes = [home, ...others, ...further];
  await Promise.all([home, ...further].map((node) => node.whenUp()));
  return {
    home,
    close: async () => {
      await Promise.all([home, ...further].map((node) => node.close()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
