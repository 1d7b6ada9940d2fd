import type { MysqlColumn, MysqlTable, SubmoduleStreams } from '@apiary/model/submodule.ts';

const homes = ['/opt/kippo', '/home/kippo/kippo', '/home/kippo', '/data/kippo'];

const column = (name: string, type: MysqlColumn['type'], default_?: string | number): MysqlColumn => ({
  name,
  type,
  ...(default_ === undefined ? {} : { default: default_ }),
});

const id = column('id', 'integer');
const session = column('session', 'text');
const timestamp = column('timestamp', 'time');
/** 4 or 6; it came with the addresses of IPv6, after 0.9. */
const ip_version = column('version', 'integer');
const before_version = [
  column('id', 'text'),
  column('starttime', 'time'),
  column('endtime', 'time'),
  column('sensor', 'integer'),
];
const behind_version = [column('ip', 'text', ''), column('termsize', 'text'), column('client', 'integer')];

const ofSession = (table: string, columns: readonly MysqlColumn[]): MysqlTable => ({
  stream: table,
  table,
  columns,
  key: 'id',
  parent: { table: 'sessions', column: 'session' },
});

/**
 * Kippo's `[database_mysql]`: the tables of its doc/sql/mysql.sql; for those who have no database its log, or its
 * `[database_textlog]`. Beside them its terminal recordings, which it names by time, and what attackers downloaded,
 * which `downloads.outfile` names.
 */
export const streams: SubmoduleStreams = {
  name: 'kippo',
  title: 'Kippo',
  sources: [
    {
      kind: 'mysql',
      usual_paths: [
        '/var/lib/mysql/*-bin.index',
        '/var/log/mysql/*-bin.index',
        '/var/lib/mysql/binlog.index',
      ],
      database: 'kippo',
      tables: [
        {
          stream: 'sessions',
          table: 'sessions',
          columns: [...before_version, ip_version, ...behind_version],
          earlier_columns: [[...before_version, ...behind_version]],
          key: 'id',
          parent: { table: 'sensors', column: 'sensor' },
          changing_columns: ['endtime', 'termsize', 'client'],
        },
        ofSession('auth', [
          id,
          session,
          column('success', 'integer'),
          column('username', 'text'),
          column('password', 'text'),
          timestamp,
        ]),
        ofSession('input', [
          id,
          session,
          timestamp,
          column('realm', 'text'),
          column('success', 'integer'),
          column('input', 'text'),
        ]),
        ofSession('downloads', [id, session, timestamp, column('url', 'text'), column('outfile', 'text')]),
        ofSession('ttylog', [id, session, column('ttylog', 'binary')]),
        { stream: 'clients', table: 'clients', columns: [id, column('version', 'text')], key: 'id' },
        {
          stream: 'sensors',
          table: 'sensors',
          columns: [id, ip_version, column('ip', 'text')],
          earlier_columns: [[id, column('ip', 'text')]],
          key: 'id',
        },
      ],
      statement_stream: 'statements',
    },
    {
      kind: 'lines',
      stream: 'log',
      repeats: 'mysql',
      usual_paths: homes.map((home) => `${home}/log/kippo.log`),
    },
    {
      kind: 'lines',
      stream: 'textlog',
      repeats: 'log',
      usual_paths: homes.map((home) => `${home}/log/kippo-textlog.log`),
    },
    {
      kind: 'files',
      stream: 'recordings',
      usual_paths: homes.map((home) => `${home}/log/tty/*.log`),
      holds: 'terminal_recording',
      belongs_by: 'path',
      quiet_seconds: 60,
    },
    {
      kind: 'files',
      stream: 'files',
      usual_paths: homes.map((home) => `${home}/dl/*`),
      holds: 'download',
      belongs_by: 'path',
      quiet_seconds: 60,
    },
  ],
};
