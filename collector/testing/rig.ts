/** What tests of the whole collector share: a gateway, state directories, collectors that are stopped in the end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { type CollectorOptions, type RunningCollector, startCollector } from '../collector.ts';
import { type CollectorConfig, parseConfig } from '../config.ts';
import { TestAuthority } from './certificates.ts';
import { FakeGateway } from './fake-gateway.ts';

export const test_streams: SubmoduleStreams[] = [
  {
    name: 'cowrie',
    title: 'Cowrie',
    sources: [{ kind: 'lines', stream: 'json', usual_paths: ['/home/cowrie/var/log/cowrie.json'] }],
  },
  {
    name: 'sebek',
    title: 'Sebek',
    sources: [
      {
        ...{ kind: 'framed', stream: 'packets', usual_paths: ['/captures/*.pcap'] },
        form: { kind: 'capture', udp_port: 1101 },
      },
    ],
  },
  {
    name: 'dionaea',
    title: 'Dionaea',
    sources: [
      {
        kind: 'sqlite',
        usual_paths: ['/opt/dionaea/dionaea.sqlite'],
        generation_table: 'connections',
        tables: [
          { stream: 'connections', table: 'connections', changes_within_rows: 50 },
          {
            stream: 'logins',
            table: 'logins',
            parent: { table: 'connections', column: 'connection', key: 'connection' },
          },
          {
            stream: 'hints',
            table: 'hints',
            parent: { table: 'logins', column: 'login', key: 'login' },
          },
        ],
      },
    ],
  },
  {
    name: 'ddospot',
    title: 'DDoSPot',
    sources: [
      {
        kind: 'sqlite',
        usual_paths: ['/data/ddospot/db/ntpot.sqlite3'],
        generation_table: ['ntpot_attack', 'ssdpot_attack'],
        tables: [
          { stream: 'ntp_attack', table: 'ntpot_attack' },
          { stream: 'ssdp_attack', table: 'ssdpot_attack' },
        ],
      },
    ],
  },
];

export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'apiary-collector-'));
  readonly authority: TestAuthority;
  readonly gateway: FakeGateway;
  readonly #running = new Set<RunningCollector>();

  private constructor() {
    this.authority = new TestAuthority(join(this.folder, 'pki'));
    this.gateway = new FakeGateway(this.authority);
  }

  static async make(): Promise<Rig> {
    const rig = new Rig();
    await rig.gateway.listen();
    return rig;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  configure(yaml: string): CollectorConfig {
    const { config, mistakes } = parseConfig(yaml, test_streams);
    assert.deepEqual(mistakes, []);
    return config;
  }

  /** A collector in the state directory `state`, made on first use. */
  async start(
    state: string,
    yaml: string,
    options: Partial<CollectorOptions> = {},
  ): Promise<RunningCollector> {
    this.gateway.enrolHere(this.path(state));
    return this.startEnrolled(state, yaml, options);
  }

  /** The same where the state directory has its certificate already. */
  async startEnrolled(
    state: string,
    yaml: string,
    options: Partial<CollectorOptions> = {},
  ): Promise<RunningCollector> {
    const dir = this.path(state);
    const running = await startCollector({
      ...{ dir, config: this.configure(yaml), streams: test_streams, version: 'test', idle_ms: 300 },
      ...options,
    });
    this.#running.add(running);
    return running;
  }

  async stop(running: RunningCollector): Promise<void> {
    this.#running.delete(running);
    await running.stop();
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.stop()));
    await this.gateway.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A log of numbered lines that knows what it wrote. */
export class NumberedLog {
  readonly name: string;
  readonly written: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The next lines, each with a newline. */
  lines(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) {
      const line = `{"log":"${this.name}","n":${this.written.length},"pad":"${'x'.repeat(this.written.length % 90)}"}`;
      this.written.push(line);
      text += `${line}\n`;
    }
    return text;
  }
}
