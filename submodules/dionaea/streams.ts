import type { SqliteTable, SubmoduleStreams } from '@apiary/model/submodule.ts';

/** How many of the newest connections may still be linked to their parent (see README.md, "What changes"). */
const linked_within_rows = 5_000;

/** A table whose rows belong to a connection. */
const ofConnection = (table: string): SqliteTable => ({
  stream: table,
  table,
  parent: { table: 'connections', column: 'connection', key: 'connection' },
});

/** A table whose rows belong to a row of `parent`, which has the column of the same name for its key. */
const ofRow = (table: string, parent: string, key: string): SqliteTable => ({
  stream: table,
  table,
  parent: { table: parent, column: key, key },
});

const homes = [
  '/opt/dionaea/var/lib/dionaea',
  '/opt/dionaea/var/dionaea',
  '/var/lib/dionaea',
  '/var/dionaea',
];

const alone = (table: string): SqliteTable => ({ stream: table, table });

/**
 * Dionaea's `log_sqlite` handler: the tables that logsql.py makes, the modern and the classic ones; its `log_incident`
 * or `log_json` handler, for those who have no database; what it was sent (`binaries`, named by MD5 as in
 * `downloads.download_md5_hash`), and both directions of each connection (`bistreams`, a folder for each day; the name
 * holds the protocol, port and addresses).
 */
export const streams: SubmoduleStreams = {
  name: 'dionaea',
  title: 'Dionaea',
  sources: [
    {
      kind: 'sqlite',
      usual_paths: [
        '/opt/dionaea/var/lib/dionaea/dionaea.sqlite',
        '/opt/dionaea/var/dionaea/logsql.sqlite',
        '/var/lib/dionaea/dionaea.sqlite',
        '/var/dionaea/logsql.sqlite',
        '/data/dionaea/log/dionaea.sqlite',
      ],
      generation_table: 'connections',
      tables: [
        { ...alone('connections'), changes_within_rows: linked_within_rows },
        ofConnection('dcerpcbinds'),
        ofConnection('dcerpcrequests'),
        alone('dcerpcservices'),
        ofRow('dcerpcserviceops', 'dcerpcservices', 'dcerpcservice'),
        ofConnection('emu_profiles'),
        ofConnection('emu_services'),
        ofConnection('emu_services_old'),
        ofConnection('offers'),
        ofConnection('downloads'),
        ofConnection('resolves'),
        ofConnection('p0fs'),
        ofConnection('logins'),
        ofConnection('mssql_fingerprints'),
        ofConnection('mssql_commands'),
        alone('virustotals'),
        ofRow('virustotalscans', 'virustotals', 'virustotal'),
        ofConnection('mysql_commands'),
        ofRow('mysql_command_args', 'mysql_commands', 'mysql_command'),
        alone('mysql_command_ops'),
        ofConnection('sip_commands'),
        ofRow('sip_addrs', 'sip_commands', 'sip_command'),
        ofRow('sip_vias', 'sip_commands', 'sip_command'),
        ofRow('sip_sdp_origins', 'sip_commands', 'sip_command'),
        ofRow('sip_sdp_connectiondatas', 'sip_commands', 'sip_command'),
        ofRow('sip_sdp_medias', 'sip_commands', 'sip_command'),
        ofConnection('mqtt_fingerprints'),
        ofConnection('mqtt_publish_commands'),
        ofConnection('mqtt_subscribe_commands'),
      ],
    },
    {
      kind: 'lines',
      stream: 'incident',
      repeats: 'sqlite',
      usual_paths: [
        ...homes.map((home) => `${home}/dionaea_incident.json`),
        '/opt/dionaea/var/log/dionaea/dionaea_incident.json',
        '/var/log/dionaea/dionaea_incident.json',
        '/data/dionaea/log/dionaea_incident.json',
      ],
    },
    {
      kind: 'lines',
      stream: 'json',
      repeats: ['sqlite', 'incident'],
      usual_paths: [
        ...homes.map((home) => `${home}/dionaea.json`),
        '/opt/dionaea/var/log/dionaea/dionaea.json',
        '/var/log/dionaea/dionaea.json',
        '/data/dionaea/log/dionaea.json',
      ],
    },
    {
      kind: 'files',
      stream: 'bistreams',
      usual_paths: [...homes.map((home) => `${home}/bistreams/*/*`), '/data/dionaea/bistreams/*/*'],
      holds: 'bistream',
      belongs_by: 'session',
      quiet_seconds: 60,
    },
    {
      kind: 'files',
      stream: 'binaries',
      usual_paths: [...homes.map((home) => `${home}/binaries/*`), '/data/dionaea/binaries/*'],
      holds: 'download',
      belongs_by: 'path',
      quiet_seconds: 60,
    },
  ],
};
