import type {
  MysqlColumn,
  MysqlTable,
  SqliteTable,
  StreamSource,
  SubmoduleStreams,
} from '@apiary/model/submodule.ts';

const homes = ['/home/cowrie/cowrie/var', '/opt/cowrie/var', '/cowrie/cowrie-git/var'];

/** A session's end, terminal and client are written into its row while it lasts; looked at again are so many. */
const open_sessions_within_rows = 5_000;

const column = (name: string, type: MysqlColumn['type'], default_?: string | number): MysqlColumn => ({
  name,
  type,
  ...(default_ === undefined ? {} : { default: default_ }),
});

const id = column('id', 'integer');
const session = column('session', 'text');
const timestamp = column('timestamp', 'time');

/** Tables whose rows belong to a session, with their columns in the order of docs/sql/mysql.sql. */
const tables_of_session: Record<string, readonly MysqlColumn[]> = {
  auth: [
    ...[id, session, column('success', 'integer')],
    ...[column('username', 'text'), column('password', 'text'), timestamp],
  ],
  input: [
    ...[id, session, timestamp],
    ...[column('realm', 'text'), column('success', 'integer'), column('input', 'text')],
  ],
  downloads: [
    ...[id, session, timestamp],
    ...[column('url', 'text'), column('outfile', 'text'), column('shasum', 'text')],
  ],
  ttylog: [id, session, column('ttylog', 'text'), column('size', 'integer')],
  keyfingerprints: [id, session, column('username', 'text'), column('fingerprint', 'text')],
  params: [id, session, column('arch', 'text')],
  ipforwards: [id, session, timestamp, column('dst_ip', 'text', ''), column('dst_port', 'integer')],
  ipforwardsdata: [
    ...[id, session, timestamp],
    ...[column('dst_ip', 'text', ''), column('dst_port', 'integer'), column('data', 'text')],
  ],
};

/** The record tables are those of both databases; `downloads` alone is the stream of the files. */
const streamOf = (table: string): string => `db_${table}`;

const mysql_tables: MysqlTable[] = [
  {
    stream: streamOf('sessions'),
    table: 'sessions',
    columns: [
      ...[column('id', 'text'), column('starttime', 'time'), column('endtime', 'time')],
      ...[column('sensor', 'integer'), column('ip', 'text', '')],
      ...[column('termsize', 'text'), column('client', 'integer')],
    ],
    key: 'id',
    parent: { table: 'sensors', column: 'sensor' },
    changing_columns: ['endtime', 'termsize', 'client'],
  },
  ...Object.entries(tables_of_session).map(([table, columns]) => ({
    ...{ stream: streamOf(table), table, columns, key: 'id' },
    parent: { table: 'sessions', column: 'session' },
  })),
  { stream: streamOf('clients'), table: 'clients', columns: [id, column('version', 'text')], key: 'id' },
  { stream: streamOf('sensors'), table: 'sensors', columns: [id, column('ip', 'text')], key: 'id' },
];

const sqlite_tables: SqliteTable[] = mysql_tables.map(({ stream, table, parent, changing_columns }) => ({
  stream,
  table,
  ...(parent !== undefined && { parent: { ...parent, key: 'id' } }),
  ...(changing_columns !== undefined && { changes_within_rows: open_sessions_within_rows }),
}));

/** Cowrie's `[output_mysql]` and `[output_sqlite]`, which tell less than its JSON: for those who have only them. */
const databases: StreamSource[] = [
  {
    kind: 'mysql',
    usual_paths: ['/var/lib/mysql/*-bin.index', '/var/log/mysql/*-bin.index', '/var/lib/mysql/binlog.index'],
    database: 'cowrie',
    tables: mysql_tables,
    statement_stream: 'statements',
    repeats: 'json',
  },
  {
    kind: 'sqlite',
    usual_paths: ['/home/cowrie/cowrie/cowrie.db', '/opt/cowrie/cowrie.db', '/cowrie/cowrie-git/cowrie.db'],
    generation_table: 'sensors',
    tables: sqlite_tables,
    repeats: 'json',
  },
];

/**
 * Cowrie's `[output_jsonlog]`: one JSON object a line; rotated daily with the date behind its name. Beside it its
 * terminal recordings and what attackers downloaded or uploaded: both are named by their SHA-256 when they are whole.
 */
export const streams: SubmoduleStreams = {
  name: 'cowrie',
  title: 'Cowrie',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: [
        '/home/cowrie/cowrie/var/log/cowrie/cowrie.json',
        '/opt/cowrie/var/log/cowrie/cowrie.json',
        '/cowrie/cowrie-git/var/log/cowrie/cowrie.json',
        '/var/log/cowrie/cowrie.json',
        '/data/cowrie/log/cowrie.json',
      ],
    },
    {
      kind: 'files',
      stream: 'ttylogs',
      usual_paths: [...homes.map((home) => `${home}/lib/cowrie/tty/*`), '/data/cowrie/log/tty/*'],
      holds: 'terminal_recording',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
    {
      kind: 'files',
      stream: 'downloads',
      usual_paths: [...homes.map((home) => `${home}/lib/cowrie/downloads/*`), '/data/cowrie/downloads/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
    ...databases,
  ],
};
