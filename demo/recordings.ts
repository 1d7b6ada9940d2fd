/**
 * Recordings with their times moved so that the last of them all is now. They keep their distances, so that the
 * same source is seen by several honeypots as it was.
 */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type DemoHoneypot, honeypots } from './honeypots.ts';

const folder = new URL('./recordings/', import.meta.url);
const stamp = /"timestamp":"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{6})Z"/;

const open = (honeypot: DemoHoneypot): Buffer =>
  gunzipSync(readFileSync(new URL(honeypot.recording, folder)));

function linesOf(honeypot: DemoHoneypot): string[] {
  return open(honeypot).toString('utf8').split('\n').slice(0, -1);
}

/** Whole milliseconds of a Cowrie line's time; the microseconds below them stay as they are. */
function timeOf(line: string): number {
  const found = stamp.exec(line);
  return found === null ? 0 : Date.parse(`${found[1]}.${(found[2] as string).slice(0, 3)}Z`);
}

function moveLine(line: string, by_ms: number): string {
  return line.replace(stamp, (_, seconds: string, micros: string) => {
    const moved = new Date(Date.parse(`${seconds}.${micros.slice(0, 3)}Z`) + by_ms).toISOString();
    return `"timestamp":"${moved.slice(0, -1)}${micros.slice(3)}Z"`;
  });
}

/** The latest time in a Dionaea database, milliseconds since 1970. */
function endOf(bytes: Buffer, directory: string): number {
  const path = join(directory, 'recording.sqlite');
  writeFileSync(path, bytes);
  const database = new DatabaseSync(path);
  const { last } = database.prepare('SELECT max(connection_timestamp) AS last FROM connections').get() as {
    last: number;
  };
  database.close();
  rmSync(path);
  return last * 1000;
}

function moveDatabase(bytes: Buffer, path: string, by_ms: number): void {
  writeFileSync(`${path}.new`, bytes);
  const database = new DatabaseSync(`${path}.new`);
  database.exec('PRAGMA journal_mode = delete');
  database
    .prepare('UPDATE connections SET connection_timestamp = connection_timestamp + ?')
    .run(by_ms / 1000);
  database.close();
  renameSync(`${path}.new`, path);
}

/** Where the collector finds a honeypot's log. */
export function logPath(directory: string, honeypot: DemoHoneypot): string {
  return join(
    directory,
    'honeypots',
    honeypot.name,
    honeypot.type === 'cowrie' ? 'cowrie.json' : 'dionaea.sqlite',
  );
}

/** Where a Cowrie keeps its terminal recordings. */
export const terminalsPath = (directory: string, honeypot: DemoHoneypot): string =>
  join(dirname(logPath(directory, honeypot)), 'tty');

/** Their names are what the log names them by, so they keep them, and the times in them. */
function layOutTerminals(directory: string, honeypot: DemoHoneypot): void {
  if (honeypot.terminals === undefined) return;
  const text = gunzipSync(readFileSync(new URL(honeypot.terminals, folder))).toString('utf8');
  const files = JSON.parse(text) as Record<string, string>;
  const path = terminalsPath(directory, honeypot);
  mkdirSync(path);
  // They were finished long since: a collector waits until a recording is quiet.
  const finished = new Date(Date.now() - 3_600_000);
  for (const [name, base64] of Object.entries(files)) {
    writeFileSync(join(path, name), Buffer.from(base64, 'base64'));
    utimesSync(join(path, name), finished, finished);
  }
}

/** What the Cowries have yet to write. */
export interface Replay {
  logs: { path: string; lines: string[] }[];
  /** By how much times are moved. */
  by_ms: number;
}

/**
 * Makes every honeypot's log, so that no source is missing when the collector starts: Dionaea's database whole,
 * Cowrie's files empty.
 */
export function layOut(directory: string): Replay {
  for (const honeypot of honeypots) mkdirSync(dirname(logPath(directory, honeypot)), { recursive: true });
  const logs = honeypots
    .filter(({ type }) => type === 'cowrie')
    .map((honeypot) => ({ path: logPath(directory, honeypot), lines: linesOf(honeypot) }));
  const databases = honeypots
    .filter(({ type }) => type === 'dionaea')
    .map((honeypot) => ({ path: logPath(directory, honeypot), bytes: open(honeypot) }));
  const ends = [
    ...logs.map(({ lines }) => Math.max(...lines.map(timeOf))),
    ...databases.map(({ bytes }) => endOf(bytes, directory)),
  ];
  const by_ms = Date.now() - Math.ceil(Math.max(...ends));
  for (const honeypot of honeypots) layOutTerminals(directory, honeypot);
  for (const { path } of logs) writeFileSync(path, '');
  for (const { path, bytes } of databases) moveDatabase(bytes, path, by_ms);
  return { logs, by_ms };
}

/**
 * Writes the logs, a slice at a time, so that the dashboard fills while one looks.
 * @param over_ms how long it takes
 */
export async function replay({ logs, by_ms }: Replay, over_ms: number): Promise<void> {
  const slices = 20;
  for (let slice = 0; slice < slices; slice += 1) {
    for (const { path, lines } of logs) {
      const part = lines.slice(
        Math.floor((lines.length * slice) / slices),
        Math.floor((lines.length * (slice + 1)) / slices),
      );
      appendFileSync(path, part.map((line) => `${moveLine(line, by_ms)}\n`).join(''));
    }
    await sleep(over_ms / slices);
  }
}
