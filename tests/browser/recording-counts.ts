/**
 * What the demonstration's recordings hold, counted in plain JavaScript and by SQLite over the files themselves:
 * nothing here has seen the engine or a submodule.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';

const recordings = new URL('../../demo/recordings/', import.meta.url);
const read = (name: string): Buffer => gunzipSync(readFileSync(new URL(name, recordings)));

interface CowrieLine {
  eventid: string;
  uuid?: string;
  fingerprint?: string;
  username?: string;
  password?: string;
  realm?: string;
}

interface DionaeaCounts {
  logins: { username: string; password: string }[];
  registrations: number;
  mqtt_users: number;
  /** Connections that came in, were refused or that the honeypot made; not what it only listened for. */
  connections: number;
}

export interface RecordingCounts {
  /** Lines of both Cowries as they were recorded. */
  lines: string[];
  /** Every attempt to log in: passwords and public keys. */
  attempts: number;
  sessions: number;
  /** Lines typed, into a shell or into a command that reads them. */
  commands: number;
  connections: number;
  /** How often an account was named: by attempts, and by changes of its password. */
  usernames: Map<string, number>;
  /** Attempts by password. */
  passwords: Map<string, number>;
  /** Passwords that only the Cowries saw. */
  lines_only: Set<string>;
}

function countBy(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function countDionaea(): DionaeaCounts {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-count-'));
  writeFileSync(join(folder, 'dionaea.sqlite'), read('dionaea-zilina.sqlite.gz'));
  const database = new DatabaseSync(join(folder, 'dionaea.sqlite'));
  const count = (sql: string): number => Number((database.prepare(sql).get() as { n: number }).n);
  const counts: DionaeaCounts = {
    logins: database
      .prepare(
        'SELECT CAST(login_username AS TEXT) AS username, CAST(login_password AS TEXT) AS password FROM logins',
      )
      .all() as DionaeaCounts['logins'],
    registrations: count(
      "SELECT count(*) AS n FROM sip_commands WHERE CAST(sip_command_method AS TEXT) = 'REGISTER'",
    ),
    mqtt_users: count(
      'SELECT count(*) AS n FROM mqtt_fingerprints WHERE length(mqtt_fingerprint_username) > 0',
    ),
    // SIP over TCP writes a connect beside its accept: one connection, told twice.
    connections: count(
      `SELECT count(*) AS n FROM connections WHERE connection_type <> 'listen'
       AND NOT (connection_protocol = 'SipSession' AND connection_type = 'connect' AND connection_transport = 'tcp')`,
    ),
  };
  database.close();
  rmSync(folder, { recursive: true });
  return counts;
}

export function countRecordings(): RecordingCounts {
  const lines = ['cowrie-kosice.json.gz', 'cowrie-bratislava.json.gz'].flatMap((name) =>
    read(name).toString('utf8').split('\n').slice(0, -1),
  );
  const cowrie = lines.map((line) => JSON.parse(line) as CowrieLine);
  const of = (eventid: string): CowrieLine[] => cowrie.filter((line) => line.eventid === eventid);
  // A public key is written as client.fingerprint and, since Cowrie 2.9 (whose lines have a uuid), as login.* too.
  const attempts = [
    ...of('cowrie.login.success'),
    ...of('cowrie.login.failed'),
    ...of('cowrie.client.fingerprint').filter((line) => line.uuid === undefined),
  ];
  const dionaea = countDionaea();
  const tried = [...attempts, ...dionaea.logins];
  const passwords_of = (list: { password?: string }[]): Set<string> =>
    new Set(list.flatMap(({ password }) => password ?? []));
  return {
    lines,
    attempts: attempts.length + dionaea.logins.length + dionaea.registrations + dionaea.mqtt_users,
    sessions: of('cowrie.session.connect').length,
    // Without a realm command.success repeats a command.input.
    commands:
      of('cowrie.command.input').length +
      of('cowrie.session.input').length +
      of('cowrie.command.success').filter(({ realm }) => realm !== undefined).length,
    connections: dionaea.connections,
    usernames: countBy([...tried, ...of('cowrie.command.chpasswd')].map(({ username }) => username ?? '')),
    passwords: countBy(tried.map(({ password }) => password ?? '')),
    lines_only: passwords_of(attempts).difference(passwords_of(dionaea.logins)),
  };
}
