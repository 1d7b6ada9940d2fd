/**
 * The configuration of a collector: YAML, checked whole before anything starts. Every mistake is told with
 * line, column, value and what to write instead.
 */
import { isAbsolute } from 'node:path';
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type ConfigMistake, ConfigReader, describe, type NumberRule, nearest } from './config-reader.ts';
import { checkContainer, checkMysql, checkPaths, checkWatch, rawStreams } from './config-sensor.ts';
import type { ContainerChoice } from './host/containers.ts';
import { type IntakeConfig, readIntakes } from './intakes/config.ts';
import type { MysqlConnection } from './readers/mysql-client.ts';
import { isTunnelAddress } from './tunnel.ts';

export interface Watch {
  process?: string;
  port?: number;
}

/** What a sensor says about its MySQL or MariaDB database. */
export interface MysqlConfig {
  /** Where it is not the usual name of the sensor type. */
  database?: string;
  /** Its rows are asked for; else its binary logs are read. */
  connection?: MysqlConnection;
}

export interface SensorConfig {
  name: string;
  type: string;
  time_zone?: string;
  /** Paths and patterns by stream name; `sqlite` for a database. */
  paths: Record<string, string[]>;
  mysql?: MysqlConfig;
  /** The container whose host this is, for sensors that look at it from outside. */
  container?: ContainerChoice;
  watch?: Watch;
  share_bytes?: number;
  /** Of a type that this version does not know: files of lines that are kept raw. */
  raw?: SubmoduleStreams;
}

export interface CollectorConfig {
  /** Where a local stunnel accepts; without it the collector speaks TLS itself. */
  tunnel?: string;
  /** An HTTP proxy that lets the uplink through by CONNECT: http://HOST:PORT */
  proxy?: string;
  sensors: SensorConfig[];
  intakes: IntakeConfig[];
  spool: { bytes_max: number; keep_acknowledged_hours: number };
  limits: { line_bytes_max: number; batch_bytes_max: number; records_max: number; linger_ms: number };
  artifacts: {
    bytes_max: number;
    spool_bytes_max: number;
    takes_hard_links: boolean;
    quiet_seconds?: number;
  };
}

const kib = 1024;
const mib = 1024 * kib;

/** Read beside the longest line at a time. */
export const read_ahead_bytes = 256 * kib;

/** Bounds and defaults of the numbers; sizes in bytes. */
export const config_numbers = {
  spool: {
    bytes_max: { kind: 'size', min: mib, max: 1024 * 1024 * mib, value: 512 * mib },
    keep_acknowledged_hours: { kind: 'number', min: 0, max: 24 * 366, value: 48 },
  },
  limits: {
    line_bytes_max: { kind: 'size', min: kib, max: mib, value: 256 * kib },
    batch_bytes_max: { kind: 'size', min: 512 * kib, max: 16 * mib, value: mib },
    records_max: { kind: 'number', min: 100, max: 65_536, value: 20_000 },
    linger_ms: { kind: 'number', min: 10, max: 60_000, value: 200 },
  },
  artifacts: {
    bytes_max: { kind: 'size', min: kib, max: 1024 * mib, value: 16 * mib },
    spool_bytes_max: { kind: 'size', min: mib, max: 1024 * 1024 * mib, value: 256 * mib },
  },
} as const;

const quiet_rule = { kind: 'number', min: 0, max: 86_400, value: 60 } as const;
const top_keys = ['sensors', 'intakes', 'spool', 'limits', 'artifacts', 'uplink'];

/** Reads a configuration. `config` holds defaults where `mistakes` is not empty and must not be used then. */
export function parseConfig(
  text: string,
  streams: readonly SubmoduleStreams[],
): { config: CollectorConfig; mistakes: ConfigMistake[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reader = new ConfigReader(lines);
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    const remedy = 'Mend the YAML: indentation with spaces, one space behind each colon.';
    reader.mistakes.push({ line, column: col, message: error.message, remedy });
  }
  const top = reader.members(document.contents, 'the configuration', top_keys);
  const spool = top.has('spool')
    ? reader.members(top.get('spool'), 'spool', Object.keys(config_numbers.spool))
    : new Map<string, Node>();
  const limits = top.has('limits')
    ? reader.members(top.get('limits'), 'limits', Object.keys(config_numbers.limits))
    : new Map<string, Node>();
  const artifacts = top.has('artifacts')
    ? reader.members(top.get('artifacts'), 'artifacts', [
        ...Object.keys(config_numbers.artifacts),
        'takes_hard_links',
        'quiet_seconds',
      ])
    : new Map<string, Node>();
  const numbers = <Rules extends Record<string, NumberRule>>(
    members: Map<string, Node>,
    rules: Rules,
  ): Record<keyof Rules, number> =>
    Object.fromEntries(
      Object.entries(rules).map(([key, rule]) => [key, reader.number(members.get(key), key, rule)]),
    ) as Record<keyof Rules, number>;
  const sensors = readSensors(reader, document.contents, top.get('sensors'), streams);
  const types = new Map(sensors.map(({ name, type }) => [name, type]));
  const intakes = readIntakes(reader, top.get('intakes'), types, streams);
  const { tunnel, proxy } = readUplink(reader, top.get('uplink'));
  const config: CollectorConfig = {
    ...(tunnel === undefined ? {} : { tunnel }),
    ...(proxy === undefined ? {} : { proxy }),
    sensors,
    intakes,
    spool: numbers(spool, config_numbers.spool),
    limits: numbers(limits, config_numbers.limits),
    artifacts: {
      ...numbers(artifacts, config_numbers.artifacts),
      takes_hard_links: reader.flag(artifacts.get('takes_hard_links'), 'takes_hard_links'),
      ...(artifacts.has('quiet_seconds')
        ? { quiet_seconds: reader.number(artifacts.get('quiet_seconds'), 'quiet_seconds', quiet_rule) }
        : {}),
    },
  };
  if (config.artifacts.spool_bytes_max < config.artifacts.bytes_max) {
    const message = `artifacts.spool_bytes_max of ${config.artifacts.spool_bytes_max} bytes cannot hold a file of ${config.artifacts.bytes_max}`;
    reader.mistake(top.get('artifacts'), message, 'Raise spool_bytes_max or lower bytes_max.');
  }
  if (config.limits.batch_bytes_max < config.limits.line_bytes_max + read_ahead_bytes) {
    const message = `a batch of ${config.limits.batch_bytes_max} bytes cannot hold a line of ${config.limits.line_bytes_max} and what is read with it`;
    reader.mistake(
      top.get('limits'),
      message,
      'Raise batch_bytes_max to line_bytes_max and 256KiB, or more.',
    );
  }
  for (const { name, container } of sensors) {
    const { file_bytes_max = 0 } = container?.capture ?? {};
    if (file_bytes_max <= config.artifacts.bytes_max) continue;
    const message = `captures of ${name} of ${file_bytes_max} bytes are longer than artifacts.bytes_max`;
    reader.mistake(top.get('sensors'), message, 'Raise artifacts.bytes_max or lower file_bytes_max.');
  }
  checkShares(reader, config, top.get('sensors'));
  checkSources(reader, config, top.get('sensors'));
  return { config, mistakes: reader.mistakes };
}

function readUplink(
  reader: ConfigReader,
  node: Node | undefined,
): { tunnel?: string | undefined; proxy?: string | undefined } {
  if (node === undefined) return {};
  const members = reader.members(node, 'uplink', ['stunnel', 'proxy']);
  const proxy = readProxy(reader, members.get('proxy'));
  const value = members.get('stunnel');
  const address = reader.text(value, 'stunnel');
  if (address !== undefined && proxy !== undefined)
    reader.mistake(value, 'uplink has a stunnel and a proxy', 'Name the proxy in the settings of stunnel.');
  if (address === undefined || isTunnelAddress(address)) return { tunnel: address, proxy };
  const remedy = 'Write the path of a Unix socket, or 127.0.0.1:PORT.';
  reader.mistake(value, `stunnel accepts at ${JSON.stringify(address)}`, remedy);
  return {};
}

function readProxy(reader: ConfigReader, value: Node | undefined): string | undefined {
  const text = reader.text(value, 'proxy');
  if (text === undefined || /^http:\/\/[^\s/@]+:\d{1,5}\/?$/.test(text)) return text;
  reader.mistake(value, `the proxy is ${JSON.stringify(text)}`, 'Write http://HOST:PORT.');
  return undefined;
}

function readSensors(
  reader: ConfigReader,
  whole: Node | null,
  node: Node | undefined,
  streams: readonly SubmoduleStreams[],
): SensorConfig[] {
  if (!isSeq(node) || node.items.length === 0) {
    const remedy = 'Write at least one sensor: "- name: …", "type: …" and "paths: …" below "sensors:".';
    reader.mistake(node ?? whole, `sensors is ${describe(node)}`, remedy);
    return [];
  }
  const names = new Set<string>();
  return node.items.map((item) => readSensor(reader, item as Node, streams, names));
}

const sensor_keys = [
  'name',
  'type',
  'keep_raw',
  'time_zone',
  'paths',
  'container',
  'mysql',
  'watch',
  'spool_bytes_max',
];

function readSensor(
  reader: ConfigReader,
  node: Node,
  streams: readonly SubmoduleStreams[],
  names: Set<string>,
): SensorConfig {
  const members = reader.members(node, 'a sensor', sensor_keys);
  for (const key of ['name', 'type']) {
    if (isMap(node) && !members.has(key)) reader.mistake(node, `a sensor without ${key}`, `Add "${key}: …".`);
  }
  const name = reader.text(members.get('name'), 'name') ?? '';
  if (name !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) {
    const remedy =
      'Use letters, digits, dots, hyphens and underscores, as the sensor is named on the server.';
    reader.mistake(members.get('name'), `${JSON.stringify(name)} cannot be the name of a sensor`, remedy);
  } else if (name !== '' && names.has(name)) {
    const remedy = 'Give each sensor a name of its own.';
    reader.mistake(members.get('name'), `two sensors are named ${JSON.stringify(name)}`, remedy);
  }
  names.add(name);
  const type = reader.text(members.get('type'), 'type') ?? '';
  const keep_raw = reader.flag(members.get('keep_raw'), 'keep_raw');
  const known = streams.find((one) => one.name === type);
  // A type that has become known is read as its submodule says: nobody must change the file for that.
  const raw = known === undefined && keep_raw ? rawStreams(reader, members, type) : undefined;
  const submodule = known ?? raw;
  if (type !== '' && submodule === undefined) {
    const all = streams.map((one) => one.name);
    const near = nearest(type, all);
    const remedy =
      near === undefined
        ? `Known: ${all.join(', ')}. Lines of another go raw with "keep_raw: true".`
        : `Did you mean ${near}?`;
    reader.mistake(members.get('type'), `unknown sensor type ${JSON.stringify(type)}`, remedy);
  }
  const sensor: SensorConfig = { name, type, paths: {}, ...(raw === undefined ? {} : { raw }) };
  if (submodule !== undefined && members.has('paths')) {
    sensor.paths = checkPaths(reader, members.get('paths')!, submodule, isAbsolute);
  }
  if (submodule !== undefined && members.has('mysql')) {
    sensor.mysql = checkMysql(reader, members.get('mysql')!, submodule);
    if (sensor.mysql.connection !== undefined && sensor.paths.mysql !== undefined)
      reader.mistake(
        members.get('mysql'),
        'binary logs and a connection',
        'Write one: rows would come twice.',
      );
  }
  if (submodule !== undefined && members.has('container')) {
    const container = checkContainer(reader, members.get('container')!, submodule);
    if (container !== undefined) sensor.container = container;
  }
  const time_zone = reader.text(members.get('time_zone'), 'time_zone');
  if (time_zone !== undefined) {
    if (isTimeZone(time_zone)) sensor.time_zone = time_zone;
    else {
      const near = nearest(time_zone, Intl.supportedValuesOf('timeZone'));
      const remedy =
        near === undefined ? 'Write an IANA name like Europe/Bratislava or UTC.' : `Did you mean ${near}?`;
      reader.mistake(members.get('time_zone'), `unknown time zone ${JSON.stringify(time_zone)}`, remedy);
    }
  }
  if (members.has('watch')) sensor.watch = checkWatch(reader, members.get('watch')!);
  if (members.has('spool_bytes_max')) {
    const rule = { ...config_numbers.spool.bytes_max, value: 0 };
    sensor.share_bytes = reader.number(members.get('spool_bytes_max'), 'spool_bytes_max', rule);
  }
  return sensor;
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A sensor without paths has an intake that feeds it. */
function checkSources(
  reader: ConfigReader,
  { sensors, intakes }: CollectorConfig,
  node: Node | undefined,
): void {
  const fed = new Set(
    intakes.flatMap((intake) =>
      intake.kind === 'hpfeeds'
        ? intake.channels.map(({ route }) => route.sensor)
        : intake.senders.map(({ value }) => value.sensor),
    ),
  );
  for (const [index, item] of (isSeq(node) ? (node.items as Node[]) : []).entries()) {
    const sensor = sensors[index];
    if (
      !isMap(item) ||
      item.has('container') ||
      item.has('paths') ||
      sensor?.mysql?.connection !== undefined ||
      sensor === undefined ||
      fed.has(sensor.name)
    )
      continue;
    reader.mistake(item, 'a sensor without paths', 'Add "paths: …", or an intake that feeds it.');
  }
}

function checkShares(reader: ConfigReader, config: CollectorConfig, node: Node | undefined): void {
  const set = config.sensors.reduce((sum, sensor) => sum + (sensor.share_bytes ?? 0), 0);
  if (set <= config.spool.bytes_max) return;
  const message = `the shares of the sensors are ${set} bytes together, the spool has ${config.spool.bytes_max}`;
  reader.mistake(node, message, 'Raise spool.bytes_max or lower spool_bytes_max of a sensor.');
}
