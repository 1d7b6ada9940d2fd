/** A MariaDB server for tests, in a folder of its own, without network. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const server = '/usr/sbin/mariadbd';

/** Why tests that need it are left out, or false. */
export const needs_mariadb: string | false =
  existsSync(server) && existsSync('/usr/bin/mariadb') && existsSync('/usr/bin/mariadb-binlog')
    ? false
    : 'needs MariaDB (Debian: mariadb-server, mariadb-client)';

export class TestMariadb {
  readonly folder: string;
  readonly socket: string;
  #child: ChildProcess;

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.socket = join(folder, 's.sock');
    this.#child = child;
  }

  static async start(folder: string, settings: readonly string[] = []): Promise<TestMariadb> {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    const config = join(folder, 'my.cnf');
    if (!existsSync(config)) {
      const lines = [
        '[mysqld]',
        `datadir=${folder}/data`,
        `socket=${folder}/s.sock`,
        `pid-file=${folder}/pid`,
        'skip-networking',
        `log-bin=${folder}/logs/mysql-bin`,
        `log-bin-index=${folder}/logs/mysql-bin.index`,
        'server-id=7',
        'sync_binlog=0',
        'default_time_zone=+00:00',
        ...(process.getuid?.() === 0 ? ['user=root'] : []),
        ...settings,
      ];
      writeFileSync(config, `${lines.join('\n')}\n`);
      const made = ['--auth-root-authentication-method=normal', '--skip-test-db'];
      execFileSync('/usr/bin/mariadb-install-db', [`--defaults-file=${config}`, ...made], {
        stdio: 'ignore',
      });
    }
    const child = spawn(server, [`--defaults-file=${config}`], { stdio: 'ignore' });
    const started = new TestMariadb(folder, child);
    await started.#ready();
    return started;
  }

  async #ready(): Promise<void> {
    for (let left = 300; left > 0; left -= 1) {
      if (existsSync(this.socket)) {
        try {
          this.run('SELECT 1');
          return;
        } catch {
          // It listens before it answers.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`MariaDB did not start in ${this.folder}`);
  }

  /** Runs statements, as bytes. @returns what the client prints, without heads */
  run(sql: string | Buffer, database = ''): string {
    const words = [`--socket=${this.socket}`, '--user=root', '--batch', '--skip-column-names'];
    const charset = '--default-character-set=utf8mb4';
    const options = { input: sql, maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'pipe'] as const };
    return execFileSync('/usr/bin/mariadb', [...words, charset, ...(database === '' ? [] : [database])], {
      ...options,
      stdio: [...options.stdio],
    }).toString('latin1');
  }

  get index(): string {
    return join(this.folder, 'logs', 'mysql-bin.index');
  }

  /** Paths of the logs, in order. */
  logs(): string[] {
    return readdirSync(join(this.folder, 'logs'))
      .filter((name) => /\.\d+$/.test(name))
      .sort()
      .map((name) => join(this.folder, 'logs', name));
  }

  /** Ends at once, as in a loss of power. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
