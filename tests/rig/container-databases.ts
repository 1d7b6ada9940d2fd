/**
 * What a honeypot in a container keeps: a MariaDB with Kippo's tables and an SQLite database with Dionaea's. The
 * programs are the host's, copied into the container's root; their libraries are there already, as its template has it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LxcContainer } from './lxc-container.ts';

const programs = ['/usr/sbin/mariadbd', '/usr/bin/mariadb', '/usr/bin/sqlite3', '/usr/sbin/auditctl'];
const lacking = programs.find((program) => !existsSync(program));

/** Why there can be no databases in a container here; false where there can. */
export const needs_databases = lacking === undefined ? (false as const) : `needs ${lacking}`;

const kippo_tables = `
  CREATE DATABASE kippo CHARACTER SET utf8mb4; USE kippo;
  CREATE TABLE sensors (id int NOT NULL auto_increment, ip varchar(45) NOT NULL, PRIMARY KEY (id));
  CREATE TABLE clients (id int NOT NULL auto_increment, version varchar(50) NOT NULL, PRIMARY KEY (id));
  CREATE TABLE sessions (id char(32) NOT NULL, starttime datetime NOT NULL, endtime datetime default NULL,
    sensor int NOT NULL, ip varchar(45) NOT NULL default '', termsize varchar(7) default NULL,
    client int default NULL, PRIMARY KEY (id));
  CREATE TABLE auth (id int NOT NULL auto_increment, session char(32) NOT NULL, success tinyint NOT NULL,
    username varchar(100) NOT NULL, password varchar(100) NOT NULL, timestamp datetime NOT NULL, PRIMARY KEY (id));
  CREATE TABLE input (id int NOT NULL auto_increment, session char(32) NOT NULL, timestamp datetime NOT NULL,
    realm varchar(50) default NULL, success tinyint default NULL, input text NOT NULL, PRIMARY KEY (id));
  INSERT INTO sensors (ip) VALUES ('198.51.100.7');`;

const dionaea_tables = `
  CREATE TABLE connections (connection INTEGER PRIMARY KEY, connection_type TEXT, connection_transport TEXT,
    connection_protocol TEXT, connection_timestamp INTEGER, connection_root INTEGER, connection_parent INTEGER,
    local_host TEXT, local_port INTEGER, remote_host TEXT, remote_hostname TEXT, remote_port INTEGER);
  CREATE TABLE logins (login INTEGER PRIMARY KEY, connection INTEGER, login_username TEXT, login_password TEXT);`;

export class ContainerDatabases {
  readonly #container: LxcContainer;
  readonly mysql = '/opt/mariadb --no-defaults --socket=/tmp/m.sock --user=root --batch --skip-column-names';
  readonly sqlite = '/opt/sqlite3 /srv/pot/dionaea.sqlite';

  constructor(container: LxcContainer) {
    this.#container = container;
  }

  /** Where the collector on the host finds them. */
  get paths(): { mysql: string; sqlite: string } {
    const { rootfs } = this.#container;
    return {
      mysql: join(rootfs, 'srv/log/mysql-bin.index'),
      sqlite: join(rootfs, 'srv/pot/dionaea.sqlite'),
    };
  }

  async start(): Promise<void> {
    const pot = this.#container;
    const { rootfs } = pot;
    for (const folder of ['opt/share', 'srv/log', 'srv/pot', 'srv/data'])
      mkdirSync(join(rootfs, folder), { recursive: true });
    for (const program of programs) copyFileSync(program, join(rootfs, 'opt', basename(program)));
    for (const folder of ['english', 'charsets'])
      cpSync(join('/usr/share/mysql', folder), join(rootfs, 'opt/share', folder), { recursive: true });
    const made = ['--auth-root-authentication-method=normal', '--skip-test-db', '--user=root'];
    const data = `--datadir=${join(rootfs, 'srv/data')}`;
    execFileSync('mariadb-install-db', ['--no-defaults', data, ...made], { stdio: 'ignore' });
    const settings = [
      ...['--user=root', '--datadir=/srv/data', '--socket=/tmp/m.sock', '--pid-file=/tmp/m.pid'],
      ...['--skip-networking', '--server-id=7', '--log-bin=/srv/log/mysql-bin', '--binlog-format=ROW'],
      ...[
        '--binlog-row-metadata=FULL',
        '--lc-messages-dir=/opt/share',
        '--character-sets-dir=/opt/share/charsets',
      ],
      ...[
        '--plugin-dir=/tmp',
        '--default-time-zone=+00:00',
        '--log-error=/tmp/m.log',
        '--innodb-use-native-aio=0',
      ],
    ];
    // It goes on when the attached shell is gone, as a daemon would.
    void pot.runAside(`exec /opt/mariadbd --no-defaults ${settings.join(' ')}`);
    for (let tries = 0; !this.#answers(); tries += 1) {
      if (tries === 100) throw new Error(`MariaDB did not start:\n${pot.run('tail -20 /tmp/m.log')}`);
      await sleep(100);
    }
    pot.run(`${this.mysql} -e "${kippo_tables}"`);
    pot.run(`${this.sqlite} "${dionaea_tables}"`);
  }

  #answers(): boolean {
    const { lxc_path, name } = this.#container;
    const attached = [
      '-P',
      lxc_path,
      '-n',
      name,
      '--clear-env',
      '--',
      'sh',
      '-c',
      `${this.mysql} -e 'SELECT 1'`,
    ];
    return spawnSync('lxc-attach', attached, { stdio: 'ignore' }).status === 0;
  }

  /** Rows of each table, counted inside by the databases' own clients. */
  count(): Record<string, string> {
    const counts: Record<string, string> = {};
    for (const table of ['sessions', 'auth', 'input'])
      counts[`kippo_${table}`] = this.#container
        .run(`${this.mysql} -e 'SELECT count(*) FROM kippo.${table}'`)
        .trim();
    for (const table of ['connections', 'logins'])
      counts[`dionaea_${table}`] = this.#container
        .run(`${this.sqlite} 'SELECT count(*) FROM ${table}'`)
        .trim();
    return counts;
  }
}
