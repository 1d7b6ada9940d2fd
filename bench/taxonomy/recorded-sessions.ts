/**
 * Sessions of a recording, read straight from its files and without Apiary's own records and events: what people label,
 * and what a label's hash is made of.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readDumpedRows } from './dumped-rows.ts';
import { type Layout, listFiles, recordings, text } from './recording-layouts.ts';

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

const pause_ms = 3_600_000;

export function readRecording(data: string, name: string): RecordedSession[] {
  if (name === 'kippo-dump-2019') return readDumpedSessions(data);
  const { folder, layouts } = recordings[name]!;
  return layouts.flatMap((layout) => readSessions(join(data, folder), layout));
}

function readDumpedSessions(data: string): RecordedSession[] {
  const rows = readDumpedRows(data);
  return rows
    .filter(({ table }) => table === 'sessions')
    .map((session) => {
      const id = text(session.row.id_session);
      const lines = [session, ...rows.filter(({ row }) => row.session === id)]
        .map(({ raw, row }) => ({ raw, row, at: toTime(text(row.timestamp ?? row.starttime)) }))
        .sort((a, b) => a.at - b.at);
      return { sensor: 'kippo', source: text(session.row.ip), session: id, lines, hash: hashLines(lines) };
    });
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
