/**
 * Sessions of a recording, read straight from its files and without Apiary's own records and events: what people label,
 * and what a label's hash is made of.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface RecordedLine {
  raw: string;
  /** UTC, milliseconds. */
  at: number;
  row: Record<string, unknown>;
}

export interface RecordedSession {
  sensor: string;
  source: string;
  /** What the sensor calls it; empty where it names none, and the session is a visit of the source. */
  session: string;
  lines: RecordedLine[];
  /** SHA-256 over the lines as they were written, in order of time, each with its line break. */
  hash: string;
}

interface Layout {
  sensor: string;
  /** Folders and patterns, in a recording. */
  files: readonly (readonly [string, RegExp])[];
  time: string;
  source: (row: Record<string, unknown>) => string;
  session?: (row: Record<string, unknown>) => string;
}

const pause_ms = 3_600_000;
const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const tpot: readonly Layout[] = [
  {
    sensor: 'cowrie',
    files: [
      ['cowrie/log', /^cowrie\.json/],
      ['_earlier_commits', /^cowrie\.json/],
    ],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
    session: (row) => text(row.session),
  },
  {
    sensor: 'adbhoney',
    files: [['adbhoney/log', /^adbhoney\.json/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
    session: (row) => text(row.session),
  },
  {
    sensor: 'heralding',
    files: [['heralding/log', /^log_session\.json/]],
    time: 'timestamp',
    source: (row) => text(row.source_ip),
    session: (row) => text(row.session_id),
  },
  {
    sensor: 'dionaea',
    files: [['dionaea/log', /^dionaea\.json/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
  },
  {
    sensor: 'redishoneypot',
    files: [['redishoneypot/log', /^redishoneypot\.log/]],
    time: 'time',
    source: (row) => text(row.addr).replace(/:\d+$/, ''),
  },
  {
    sensor: 'tanner',
    files: [['tanner/log', /^tanner_report\.json/]],
    time: 'timestamp',
    source: (row) => text((row.peer as { ip?: string } | undefined)?.ip),
  },
  {
    sensor: 'sentrypeer',
    files: [
      ['sentrypeer/log', /^sentrypeer\.json/],
      ['_earlier_commits', /^sentrypeer\.json/],
    ],
    time: 'event_timestamp',
    source: (row) => text(row.source_ip),
  },
  {
    sensor: 'mailoney',
    files: [['mailoney/log', /^commands\.log/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
  },
  {
    sensor: 'elasticpot',
    files: [['elasticpot/log', /^elasticpot\.json/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
  },
];

const cowrieAt = (...files: Layout['files']): readonly Layout[] => [{ ...tpot[0]!, files }];

/** Recordings by name, each with its folder beside the repository. */
const recordings: Record<string, { folder: string; layouts: readonly Layout[] }> = {
  'tpot-2022': { folder: 'wild/tpot-2022', layouts: tpot },
  'cowrie-2018': { folder: 'wild/cowrie-2018', layouts: cowrieAt(['.', /^cowrie\.json/]) },
  'lab-cowrie-2.5.0': { folder: 'lab/cowrie-2.5.0', layouts: cowrieAt(['log', /^cowrie\.json/]) },
  'lab-cowrie-3.0.12': { folder: 'lab/cowrie-3.0.12', layouts: cowrieAt(['log', /^cowrie\.json/]) },
};

export const folderOf = (recording: string): string => recordings[recording]?.folder ?? `wild/${recording}`;

export function readRecording(data: string, name: string): RecordedSession[] {
  if (name === 'kippo-dump-2019') return readDumpedSessions(data);
  const { folder, layouts } = recordings[name]!;
  return layouts.flatMap((layout) => readSessions(join(data, folder), layout));
}

/** A dump of Kippo's database by phpMyAdmin: a row on a line, behind its table's INSERT, which names the columns. */
function readDumpedRows(data: string): { table: string; raw: string; row: Record<string, string | null> }[] {
  const dump = gunzipSync(readFileSync(join(data, 'wild/kippo-dump-2019/database/kippo.sql.gz'))).toString(
    'latin1',
  );
  let table = '';
  let columns: string[] = [];
  return dump.split('\n').flatMap((raw) => {
    const head = /^INSERT INTO `(\w+)` \((.*)\) VALUES$/.exec(raw);
    if (head !== null) {
      table = head[1]!;
      columns = head[2]!.split(', ').map((name) => name.replaceAll('`', ''));
    }
    if (
      !raw.startsWith('(') ||
      !['sessions', 'auth', 'input', 'downloads', 'clients', 'sensors'].includes(table)
    )
      return [];
    const cells = [...raw.slice(1).matchAll(/(NULL|-?\d+|'((?:[^'\\]|\\.)*)')[,)]/g)];
    const read = ([, whole, quoted]: RegExpExecArray): string | null =>
      whole === 'NULL' ? null : (quoted ?? whole!);
    return [{ table, raw, row: Object.fromEntries(columns.map((name, i) => [name, read(cells[i]!)])) }];
  });
}

function readDumpedSessions(data: string): RecordedSession[] {
  const rows = readDumpedRows(data);
  return rows
    .filter(({ table }) => table === 'sessions')
    .map((session) => {
      const id = session.row.id_session!;
      const lines = [session, ...rows.filter(({ row }) => row.session === id)]
        .map(({ raw, row }) => ({ raw, row, at: toTime(row.timestamp ?? row.starttime ?? '') }))
        .sort((a, b) => a.at - b.at);
      return { sensor: 'kippo', source: session.row.ip!, session: id, lines, hash: hashLines(lines) };
    });
}

function listFiles(folder: string, layout: Pick<Layout, 'files'>): string[] {
  return layout.files.flatMap(([below, pattern]) =>
    readdirSync(join(folder, below))
      .filter((file) => pattern.test(file))
      .sort()
      .map((file) => join(folder, below, file)),
  );
}

function readSessions(folder: string, layout: Layout): RecordedSession[] {
  const lines: RecordedLine[] = [];
  for (const path of listFiles(folder, layout)) {
    const bytes = readFileSync(path);
    for (const raw of (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n')) {
      const row = parse(raw);
      if (row !== undefined) lines.push({ raw, at: toTime(text(row[layout.time])), row });
    }
  }
  lines.sort((a, b) => a.at - b.at);
  const visits = new Map<string, RecordedLine[]>();
  const sessions: { source: string; session: string; lines: RecordedLine[] }[] = [];
  for (const line of lines) {
    const source = layout.source(line.row);
    const session = layout.session?.(line.row) ?? '';
    if (source === '' && session === '') continue;
    const key = session === '' ? source : session;
    const open = visits.get(key);
    if (open !== undefined && (session !== '' || line.at - open.at(-1)!.at <= pause_ms)) open.push(line);
    else {
      const fresh = [line];
      visits.set(key, fresh);
      sessions.push({ source, session, lines: fresh });
    }
  }
  return sessions.map((one) => ({ sensor: layout.sensor, ...one, hash: hashLines(one.lines) }));
}

function parse(raw: string): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(raw);
    return typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** All sensors here write UTC, some without saying so; fractions of a second may be unpadded (SentryPeer). */
function toTime(written: string): number {
  const [, day, clock, fraction = ''] = /^(\S+?)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(written) ?? [];
  return day === undefined ? 0 : Date.parse(`${day}T${clock}Z`) + Number(`0.${fraction || '0'}`) * 1000;
}

function hashLines(lines: readonly RecordedLine[]): string {
  const hash = createHash('sha256');
  for (const { raw } of lines) hash.update(`${raw}\n`);
  return hash.digest('hex');
}
