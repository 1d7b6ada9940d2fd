/** Checks what a sensor of the configuration says about its sources. */
import { isIP } from 'node:net';
import { pathKey, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { MysqlConfig, Watch } from './config.ts';
import { type ConfigReader, describe, type NumberRule } from './config-reader.ts';
import type { CaptureSettings } from './host/capture.ts';
import type { ContainerChoice } from './host/containers.ts';
import { segmentMatcher } from './readers/glob.ts';
import type { MysqlConnection } from './readers/mysql-client.ts';

/** The part of a pattern that is none. */
function wrongPart(pattern: string): string | undefined {
  return pattern.split('/').find((part) => {
    try {
      segmentMatcher(part);
      return false;
    } catch {
      return true;
    }
  });
}

/** The keys under which a sensor type takes paths: streams by name, and `sqlite` for a database. */
export const pathKeys = (submodule: SubmoduleStreams): string[] =>
  submodule.sources.filter(({ kind }) => kind !== 'host').map(pathKey);

/** A type that this version does not know: each key of its paths is a stream of lines. */
export function rawStreams(
  reader: ConfigReader,
  members: ReadonlyMap<string, Node>,
  type: string,
): SubmoduleStreams {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(type)) {
    const remedy = 'Use small letters, digits and underscores, as its submodule will be named.';
    reader.mistake(members.get('type'), `${JSON.stringify(type)} cannot be a sensor type`, remedy);
  }
  const paths = members.get('paths');
  const keys = isMap(paths) ? paths.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
  if (paths === undefined)
    reader.mistake(
      members.get('type'),
      'keep_raw without paths',
      'Write for example paths: { log: /var/log/x.log }.',
    );
  for (const key of keys)
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(key) || key === 'sqlite') {
      const remedy = 'Name the stream in small letters, as log or json; only files of lines can be kept raw.';
      reader.mistake(paths, `${JSON.stringify(key)} cannot be a stream`, remedy);
    }
  return {
    name: type,
    title: type,
    sources: keys.map((stream) => ({ kind: 'lines', stream, usual_paths: [] })),
  };
}

export function checkPaths(
  reader: ConfigReader,
  node: Node,
  submodule: SubmoduleStreams,
  isAbsolute: (path: string) => boolean,
): Record<string, string[]> {
  const known = pathKeys(submodule);
  const members = reader.members(node, `paths of a ${submodule.name}`, known);
  const paths: Record<string, string[]> = {};
  for (const [key, value] of members) {
    const items = isSeq(value) ? (value.items as Node[]) : [value];
    paths[key] = [];
    for (const item of items) {
      const path = isScalar(item) ? item.value : undefined;
      if (typeof path !== 'string' || path === '') {
        reader.mistake(item, `a path of ${key} is ${describe(item)}`, 'Write an absolute path or a pattern.');
      } else if (!isAbsolute(path)) {
        reader.mistake(item, `the path ${JSON.stringify(path)} is relative`, 'Begin it with a slash.');
      } else if (key === 'sqlite' && /[*?[]/.test(path)) {
        const remedy = 'Write the path of one database; make a sensor for each.';
        reader.mistake(item, `the path ${JSON.stringify(path)} is a pattern`, remedy);
      } else {
        const wrong = wrongPart(path);
        if (wrong === undefined) paths[key].push(path);
        else
          reader.mistake(
            item,
            `the pattern ${JSON.stringify(wrong)} cannot be matched`,
            'Write a range from the lower to the higher sign: [a-z].',
          );
      }
    }
    if (key === 'sqlite' && paths[key].length > 1) {
      reader.mistake(
        value,
        `${paths[key].length} databases for one sensor`,
        'Make a sensor for each database.',
      );
    }
  }
  if (members.size === 0) {
    const usual = submodule.sources[0];
    const example = `${known[0]}: ${usual?.usual_paths[0] ?? '/path/to/its/log'}`;
    reader.mistake(node, `no path for any of ${known.join(', ')}`, `Write for example { ${example} }.`);
  }
  return paths;
}

/** The database of a sensor. */
export function checkMysql(reader: ConfigReader, node: Node, submodule: SubmoduleStreams): MysqlConfig {
  const members = reader.members(node, 'mysql', ['database', 'connection']);
  if (!submodule.sources.some(({ kind }) => kind === 'mysql')) {
    reader.mistake(node, `a ${submodule.name} has no MySQL database`, 'Remove mysql.');
  }
  const database = reader.text(members.get('database'), 'database');
  const connection = members.get('connection');
  return {
    ...(database === undefined ? {} : { database }),
    ...(connection === undefined ? {} : { connection: checkConnection(reader, connection) }),
  };
}

const connection_keys = ['socket', 'host', 'port', 'user', 'password_file', 'tls', 'ca_file'];

/** A password goes to another host only through TLS. */
function checkConnection(reader: ConfigReader, node: Node): MysqlConnection {
  const members = reader.members(node, 'connection', connection_keys);
  const connection: MysqlConnection = { user: reader.text(members.get('user'), 'user') ?? '' };
  if (connection.user === '')
    reader.mistake(node, 'a connection without user', 'Add "user: …", one that has only SELECT.');
  for (const key of ['socket', 'password_file', 'ca_file'] as const) {
    const path = reader.text(members.get(key), key);
    if (path === undefined) continue;
    connection[key] = path;
    if (!path.startsWith('/'))
      reader.mistake(
        members.get(key),
        `the path ${JSON.stringify(path)} is relative`,
        'Begin it with a slash.',
      );
  }
  const host = reader.text(members.get('host'), 'host');
  if (host !== undefined) connection.host = host;
  if ((host === undefined) === (connection.socket === undefined))
    reader.mistake(node, 'a connection has either a socket or a host', 'Write one of them.');
  if (members.has('port')) {
    const rule = { kind: 'number', min: 1, max: 65_535, value: 3306 } as const;
    connection.port = reader.number(members.get('port'), 'port', rule);
  }
  connection.tls = reader.flag(members.get('tls'), 'tls') || connection.ca_file !== undefined;
  if (host !== undefined && !connection.tls && !/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)) {
    const remedy = 'Write "tls: true", or ca_file with the authority of its certificate.';
    reader.mistake(members.get('host'), `${JSON.stringify(host)} is another host, without TLS`, remedy);
  }
  if (host !== undefined && connection.tls && isIP(host) !== 0) {
    const remedy = 'Write its name, as it stands in the certificate; /etc/hosts can say where that is.';
    reader.mistake(members.get('host'), `${host} is an address, and TLS checks the name of a host`, remedy);
  }
  return connection;
}

/** `container: NAME`, or a map with what tells it from others. */
export function checkContainer(
  reader: ConfigReader,
  node: Node,
  submodule: SubmoduleStreams,
): ContainerChoice | undefined {
  if (!submodule.sources.some(({ kind }) => kind === 'host')) {
    const message = `a ${submodule.name} is not read from a container's host`;
    reader.mistake(node, message, 'Write "paths: …" instead.');
    return undefined;
  }
  const captures = submodule.sources.some((source) => source.kind === 'host' && source.reads === 'capture');
  const keys = ['name', 'lxc_path', 'pid', 'rootfs', 'audit_log', 'every_seconds'];
  if (captures) keys.push('capture');
  const members = isMap(node) ? reader.members(node, 'container', keys) : new Map([['name', node]]);
  const name = reader.text(members.get('name'), 'name') ?? '';
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) {
    const remedy = 'Write its name as lxc-ls or docker ps shows it, or any name beside a pid or rootfs.';
    reader.mistake(members.get('name') ?? node, `the container's name is ${JSON.stringify(name)}`, remedy);
  }
  const choice: ContainerChoice = { name };
  for (const key of ['lxc_path', 'rootfs', 'audit_log'] as const) {
    const path = reader.text(members.get(key), key);
    if (path === undefined) continue;
    if (path.startsWith('/')) choice[key] = path;
    else
      reader.mistake(
        members.get(key),
        `the path ${JSON.stringify(path)} is relative`,
        'Begin it with a slash.',
      );
  }
  if (members.has('pid')) {
    const rule = { kind: 'number', min: 1, max: 2 ** 22, value: 1 } as const;
    choice.pid = reader.number(members.get('pid'), 'pid', rule);
  }
  if (members.has('every_seconds')) {
    const rule = { kind: 'number', min: 1, max: 3600, value: 1 } as const;
    choice.every_seconds = reader.number(members.get('every_seconds'), 'every_seconds', rule);
  }
  const capture = checkCapture(reader, members.get('capture'));
  if (capture !== undefined) choice.capture = capture;
  return choice;
}

const mib = 1024 ** 2;
const capture_numbers = {
  file_bytes_max: { kind: 'size', min: mib, max: 1024 * mib, value: 8 * mib },
  files_max: { kind: 'number', min: 4, max: 1000, value: 8 },
  hour_bytes_max: { kind: 'size', min: mib, max: 1024 ** 2 * mib, value: 256 * mib },
} as const satisfies Record<string, NumberRule>;

/** `true`, or a map with what is not to be as usual; undefined where nothing is to be captured. */
function checkCapture(reader: ConfigReader, node: Node | undefined): CaptureSettings | undefined {
  if (node === undefined || (isScalar(node) && node.value === false)) return undefined;
  const keys = [...Object.keys(capture_numbers), 'file_seconds_max', 'filter'];
  const is_usual = isScalar(node) && node.value === true;
  const members = is_usual ? new Map<string, Node>() : reader.members(node, 'capture', keys);
  const number = (key: keyof typeof capture_numbers): number =>
    reader.number(members.get(key), key, capture_numbers[key]);
  const settings: CaptureSettings = {
    file_bytes_max: number('file_bytes_max'),
    files_max: number('files_max'),
    hour_bytes_max: number('hour_bytes_max'),
  };
  if (members.has('file_seconds_max')) {
    const rule = { kind: 'number', min: 1, max: 86_400, value: 300 } as const;
    settings.file_seconds_max = reader.number(members.get('file_seconds_max'), 'file_seconds_max', rule);
  }
  const filter = reader.text(members.get('filter'), 'filter');
  if (filter !== undefined) settings.filter = filter;
  return settings;
}

export function checkWatch(reader: ConfigReader, node: Node): Watch {
  const members = reader.members(node, 'watch', ['process', 'port']);
  const watch: Watch = {};
  const name = reader.text(members.get('process'), 'process');
  if (name !== undefined) watch.process = name;
  if (members.has('port')) {
    const rule = { kind: 'number', min: 1, max: 65535, value: 1 } as const;
    watch.port = reader.number(members.get('port'), 'port', rule);
  }
  return watch;
}
