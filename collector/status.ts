/** How a collector stands: the file that a running one writes every second, and its form for people. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactState, Heartbeat, IntakeState, SensorState } from '@apiary/model/protocol.ts';
import { showSize } from './config-values.ts';
import type { Followed, SensorReaders } from './sensor-readers.ts';
import type { Spool } from './spool/spool.ts';
import type { Uplink } from './uplink.ts';

export interface CollectorStatus extends Omit<Heartbeat, 'sent_ms'> {
  written_ms: number;
  pid: number;
  collector: string;
  gateway: string;
  heartbeat_answered_ms: number;
  heartbeat_trouble: string;
  /** Sensors that the server lets this collector write; null before its first answer. */
  sensors_allowed: string[] | null;
  uplink_trouble: string;
  tls_refusal: string;
  tls_refusal_ms: number;
  followed: Followed[];
  stopped?: boolean;
}

/** A source counts as live while it changed within this time. */
const live_ms = 10 * 60_000;
const stale_ms = 5000;

export function describeSensor(readers: SensorReaders, spool: Spool, uplink: Uplink): SensorState {
  const { chain, config } = readers;
  const statuses = readers.statuses();
  const changed_ms = Math.max(0, ...statuses.map((status) => Math.floor(status.changed_ms)));
  const sources = statuses.reduce((sum, status) => sum + status.followed.length, 0);
  const failing =
    statuses.find((status) => status.trouble !== '' && status.followed.length > 0)?.trouble ?? '';
  const absent =
    statuses.find((status) => status.trouble !== '' && status.followed.length === 0)?.trouble ?? '';
  const written = spool.troubles.get(config.name) ?? '';
  const refusal = uplink.refusalOf(config.name);
  const waits = statuses.some((status) => status.is_waiting)
    ? 'its share of the spool is full: the source waits'
    : '';
  const notes = statuses.flatMap((status) => status.notes ?? []);
  const has_all = sources > 0 || statuses.every((status) => status.wanted.length === 0);
  let condition: SensorState['condition'] = Date.now() - changed_ms < live_ms ? 'live' : 'quiet';
  if (failing !== '' || written !== '') condition = 'failing';
  else if (readers.missing !== '') condition = 'dead';
  else if (absent !== '' || !has_all) condition = 'missing';
  return {
    sensor: config.name,
    condition,
    detail: [failing, written, readers.missing, absent, refusal, waits, ...notes]
      .filter((one) => one !== '')
      .join('; ')
      .slice(0, 2000),
    sources,
    source_changed_ms: changed_ms,
    read: chain.counts.read,
    cut: chain.counts.cut,
    lost: chain.counts.lost,
    refused: chain.refused,
    acknowledged: chain.acked_records,
    waiting_records: chain.waiting_records + chain.pending_records,
    waiting_bytes: chain.waiting_bytes,
    oldest_waiting_ms: chain.store.sealedAfter(chain.acked_seq),
  };
}

/** A full disk must not stop the collector: the status then stays old, which its reader is told. */
export function writeStatus(path: string, status: CollectorStatus): void {
  try {
    writeFileSync(`${path}.new`, JSON.stringify(status), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    console.error(`status: ${(error as Error).message}`);
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Text for a terminal; names and paths may be hostile, so control characters are shown as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });

/** A list of objects: what is told of them is gone through field by field. */
const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);

function isStatus(value: unknown): value is CollectorStatus {
  if (typeof value !== 'object' || value === null) return false;
  const { sensors, followed, sensors_allowed, intakes = [], ...rest } = value as Record<string, unknown>;
  const numbers = ['written_ms', 'pid', 'started_ms', 'heartbeat_answered_ms', 'certificate_ends_ms'];
  return (
    [sensors, followed, intakes].every(isList) &&
    (sensors_allowed === null || Array.isArray(sensors_allowed)) &&
    numbers.every((name) => typeof rest[name] === 'number') &&
    ['collector', 'gateway', 'uplink_trouble', 'tls_refusal'].every((name) => typeof rest[name] === 'string')
  );
}

/**
 * A torn file, as a crash of the host leaves it, counts as none, and so does one of another version's shape: it is soon
 * written anew.
 */
export function readStatus(dir: string): CollectorStatus | undefined {
  const path = join(dir, 'status.json');
  if (!existsSync(path)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const ago = (ms: number, now: number): string => {
  if (ms === 0) return 'never';
  const seconds = Math.max(0, Math.round((now - ms) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
};

/** The status as lines for people. `is_well` is false where something asks for attention. */
export function showStatus(status: CollectorStatus, now: number): { lines: string[]; is_well: boolean } {
  const lines: string[] = [];
  const runs = status.stopped !== true && isRunning(status.pid);
  const is_fresh = now - status.written_ms < stale_ms;
  if (status.stopped)
    lines.push(`Stopped ${ago(status.written_ms, now)}. What follows is how it stood then.`);
  else if (!runs)
    lines.push(`NOT RUNNING: it ended without stopping, last seen ${ago(status.written_ms, now)}.`);
  else if (!is_fresh)
    lines.push(`STUCK: process ${status.pid} wrote its status ${ago(status.written_ms, now)}.`);
  else
    lines.push(
      `Running for ${ago(status.started_ms, now).replace(' ago', '')}, process ${status.pid}, ${showSize(status.memory_bytes)}.`,
    );
  const ends_days = Math.floor((status.certificate_ends_ms - now) / 86_400_000);
  lines.push(
    `Collector ${status.collector}, version ${status.version}; certificate ends in ${ends_days} days.`,
  );
  const answered = `last heartbeat answered ${ago(status.heartbeat_answered_ms, now)}`;
  lines.push(`Server ${status.gateway}: ${answered}.`);
  for (const trouble of new Set([status.uplink_trouble, status.heartbeat_trouble])) {
    if (trouble !== '') lines.push(`  PROBLEM: ${trouble}`);
  }
  if (status.tls_refusal !== '')
    lines.push(`  Last failure of TLS, ${ago(status.tls_refusal_ms, now)}: ${status.tls_refusal}`);
  if (Math.abs(status.offset_ms ?? 0) > 2000)
    lines.push(`  PROBLEM: the clock is off by ${status.offset_ms} ms against the server.`);
  lines.push(`Spool: ${showSize(status.spool_bytes)} of ${showSize(status.spool_bytes_max)}.`);
  if (status.artifacts !== undefined) lines.push(...showArtifacts(status.artifacts));
  for (const intake of status.intakes ?? []) lines.push(...showIntake(intake));
  for (const sensor of status.sensors) lines.push(...showSensor(sensor, status, now));
  const is_well =
    runs &&
    is_fresh &&
    status.uplink_trouble === '' &&
    status.heartbeat_trouble === '' &&
    (status.artifacts?.trouble ?? '') === '' &&
    (status.intakes ?? []).every((intake) => intake.trouble === '' && (intake.refused.no_room ?? 0) === 0) &&
    status.sensors.every(
      (sensor) =>
        (sensor.condition === 'live' || sensor.condition === 'quiet') &&
        sensor.refused === 0 &&
        sensor.lost === 0,
    );
  return { lines: lines.map(printable), is_well };
}

function showArtifacts({ waiting, waiting_bytes, sent, trouble }: ArtifactState): string[] {
  if (waiting + sent === 0) return [];
  const lines = [
    `Files: ${waiting} wait to be sent (${showSize(waiting_bytes)}), ${sent} sent since the start.`,
  ];
  return trouble === '' ? lines : [...lines, `  PROBLEM: ${trouble}`];
}

function showIntake({ intake, accepted, refused, trouble }: IntakeState): string[] {
  const reasons = Object.entries(refused).map(([reason, count]) => `${reason} ${count}`);
  const told = reasons.length === 0 ? '' : `; not taken: ${reasons.join(', ')}`;
  const lines = [`Intake ${intake}: ${accepted} taken${told}.`];
  return trouble === '' ? lines : [...lines, `  PROBLEM: ${trouble}`];
}

function showSensor(sensor: SensorState, status: CollectorStatus, now: number): string[] {
  const lines = [
    '',
    `Sensor ${sensor.sensor}: ${sensor.condition}, source written ${ago(sensor.source_changed_ms, now)}`,
  ];
  if (sensor.detail !== '') lines.push(`  ${sensor.detail}`);
  if (status.sensors_allowed !== null && !status.sensors_allowed.includes(sensor.sensor)) {
    lines.push(
      `  PROBLEM: the server does not let this collector write it. On the server: apiary sensor add ${sensor.sensor} TYPE --collector ${status.collector}`,
    );
  }
  for (const source of status.followed.filter((one) => one.sensor === sensor.sensor).slice(-10)) {
    const behind = source.size - source.offset;
    lines.push(`  follows ${source.path}: ${behind > 0 ? `${showSize(behind)} to read` : 'read to its end'}`);
  }
  const oldest =
    sensor.oldest_waiting_ms === 0 ? '' : `, the oldest sealed ${ago(sensor.oldest_waiting_ms, now)}`;
  lines.push(`  waiting ${sensor.waiting_records} records (${showSize(sensor.waiting_bytes)})${oldest}`);
  const { read, acknowledged, cut, lost, refused } = sensor;
  lines.push(`  read ${read}, acknowledged ${acknowledged}, cut ${cut}, lost ${lost}, refused ${refused}`);
  return lines;
}
