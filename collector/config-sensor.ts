/** Checks what a sensor of the configuration says about its sources. */
import { pathKey, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { MysqlConfig, Watch } from './config.ts';
import { type ConfigReader, describe } from './config-reader.ts';
import type { ContainerChoice } from './host/containers.ts';

/** The keys under which a sensor type takes paths: streams by name, and `sqlite` for a database. */
export const pathKeys = (submodule: SubmoduleStreams): string[] =>
  submodule.sources.filter(({ kind }) => kind !== 'host').map(pathKey);

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
      } else paths[key].push(path);
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
  const members = reader.members(node, 'mysql', ['database']);
  if (!submodule.sources.some(({ kind }) => kind === 'mysql')) {
    reader.mistake(node, `a ${submodule.name} has no MySQL database`, 'Remove mysql.');
  }
  const database = reader.text(members.get('database'), 'database');
  return database === undefined ? {} : { database };
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
  const keys = ['name', 'lxc_path', 'pid', 'rootfs', 'audit_log', 'every_seconds'];
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
  return choice;
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
