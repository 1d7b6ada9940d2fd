/**
 * Looks for what could be followed on this host: files at the usual places of every sensor type, the same in T-Pot's
 * data directory, and containers. What lies inside a container is followed where its path shows that it does, so that no
 * link of its root's leads the collector to the host's own files; elsewhere it is told only.
 */
import { constants, lstatSync, opendirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathKey, repeatedBy, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import type { Container } from './host/containers.ts';
import { isInContainer } from './readers/artifact-files.ts';
import { hasMagic, segmentMatcher } from './readers/glob.ts';

export interface FoundSource {
  type: string;
  key: string;
  /** The pattern or path, as the configuration takes it. */
  path: string;
  /** It lies where T-Pot has it. */
  is_tpot: boolean;
}

export interface Discovery {
  sources: FoundSource[];
  containers: { container: Container; sources: FoundSource[] }[];
}

export interface DiscoverOptions {
  streams: readonly SubmoduleStreams[];
  containers: readonly Container[];
  /** Where T-Pot keeps its data. */
  data: string;
  /** Before every path; for another root than the host's. */
  root?: string;
}

const usual_data = '/data/';
const mysql_data = '/var/lib/mysql';
const entries_max = 10_000;

/** Whether a file, or what is asked for, is there that a pattern names; below `root` no link is followed. */
function isThere(
  root: string,
  pattern: string,
  follows_links: boolean,
  wanted: 'file' | 'folder' = 'file',
): boolean {
  let folders = [root];
  const parts = pattern.split('/').filter((part) => part !== '');
  for (const [index, part] of parts.entries()) {
    const is_last = index === parts.length - 1;
    if (part === '**') return folders.length > 0;
    const found = folders.flatMap((folder) =>
      (hasMagic(part) ? listFitting(folder, part) : [part]).map((name) => join(folder, name)),
    );
    folders = found.slice(0, entries_max).filter((path) => {
      const kind = kindOf(path, follows_links);
      return kind === (is_last ? wanted : 'folder');
    });
    if (folders.length === 0) return false;
  }
  return true;
}

function listFitting(folder: string, part: string): string[] {
  const names: string[] = [];
  try {
    const matcher = segmentMatcher(part);
    const opened = opendirSync(folder);
    try {
      for (
        let entry = opened.readSync(), count = 0;
        entry !== null && count < entries_max;
        entry = opened.readSync(), count += 1
      )
        if (matcher.test(entry.name)) names.push(entry.name);
    } finally {
      opened.closeSync();
    }
  } catch {
    // Not for this user, or gone: nothing to be found.
    return names;
  }
  return names;
}

function kindOf(path: string, follows_links: boolean): 'file' | 'folder' | undefined {
  try {
    const stat = follows_links ? statSync(path) : lstatSync(path);
    const kind = stat.mode & constants.S_IFMT;
    return kind === constants.S_IFREG ? 'file' : kind === constants.S_IFDIR ? 'folder' : undefined;
  } catch {
    return undefined;
  }
}

function findSources(
  { streams, data }: DiscoverOptions,
  root: string,
  follows_links: boolean,
): FoundSource[] {
  return streams.flatMap(({ name: type, sources }) => {
    const found = sources.flatMap((source) => {
      // Its logs are those of all databases of a server: there must be one of that name. Each has a folder.
      const database = source.kind === 'mysql' ? `${mysql_data}/${source.database}` : undefined;
      if (database !== undefined && !isThere(root, database, follows_links, 'folder')) return [];
      const places = source.usual_paths.map((path) => ({
        is_tpot: path.startsWith(usual_data),
        path: path.startsWith(usual_data) ? join(data, path.slice(usual_data.length)) : path,
      }));
      const there = places.filter(({ path }) => isThere(root, path, follows_links));
      // T-Pot has several logs of one honeypot; elsewhere the usual places are those of the same log.
      // A sensor has one database.
      const takes_all = there[0]?.is_tpot === true && source.kind !== 'sqlite';
      const wanted = takes_all ? there.filter(({ is_tpot }) => is_tpot) : there.slice(0, 1);
      return wanted.map(({ path, is_tpot }) => ({
        ...{ type, key: pathKey(source), is_tpot, path: root === '/' ? path : join(root, path) },
        repeats: repeatedBy(source),
      }));
    });
    // Of two streams that tell the same, one is read.
    return found
      .filter(({ repeats }) => !found.some(({ key }) => repeats.includes(key)))
      .map(({ repeats: _, ...source }) => source);
  });
}

export function discover(options: DiscoverOptions): Discovery {
  return {
    sources: findSources(options, options.root ?? '/', true),
    containers: options.containers.map((container) => ({
      container,
      sources:
        container.rootfs === undefined
          ? []
          : findSources({ ...options, data: '/data' }, container.rootfs, false),
    })),
  };
}

const host_types = ['host_network', 'host_resources', 'host_processes', 'host_files'];
const hasName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(name);
/** In a comment nothing may end the line. */
const comment = (text: string): string => JSON.stringify(text);

/** T-Pot's sensors have the names that `apiary import --tpot` gives them. */
export const sensorName = ({ type, is_tpot }: FoundSource): string => (is_tpot ? `tpot-${type}` : type);

function groupSensors(sources: readonly FoundSource[]): Map<string, FoundSource[]> {
  const groups = new Map<string, FoundSource[]>();
  for (const source of sources) {
    const name = sensorName(source);
    groups.set(name, [...(groups.get(name) ?? []), source]);
  }
  return groups;
}

/** The configuration of all that was found; undefined where that is nothing. */
export function writeDiscovered({ sources, containers }: Discovery): string | undefined {
  const lines = ['# Written by apiary-collector discover: name each sensor as on the server.', 'sensors:'];
  let sensors = 0;
  const follow = (found: readonly FoundSource[], before: string): void => {
    for (const [name, one] of groupSensors(found)) {
      sensors += 1;
      lines.push(`  - name: ${before}${name}`, `    type: ${one[0]!.type}`, '    paths:');
      for (const key of new Set(one.map((source) => source.key))) {
        const paths = one.filter((source) => source.key === key).map(({ path }) => path);
        lines.push(`      ${key}: ${JSON.stringify(paths.length === 1 ? paths[0] : paths)}`);
      }
    }
  };
  follow(sources, '');
  for (const { container, sources: inside } of containers) {
    const { name, kind, lxc_path } = container;
    if (!hasName(name)) continue;
    const choice = lxc_path === '' ? { name } : { name, lxc_path };
    for (const type of host_types) {
      sensors += 1;
      lines.push(
        `  - name: ${name}-${type}`,
        `    type: ${type}`,
        `    container: ${JSON.stringify(choice)}   # ${kind}`,
      );
    }
    // Whether its terminals are audited cannot be seen from here.
    lines.push(
      '  # Keystrokes, where it is started by apiary-terminal-audit:',
      `  # - { name: ${name}-host_keystrokes, type: host_keystrokes, container: ${JSON.stringify(choice)} }`,
    );
    // A path by the first process holds until it is started again.
    const isLasting = ({ path }: FoundSource): boolean => isInContainer(path) && !path.startsWith('/proc/');
    follow(inside.filter(isLasting), `${name}-`);
    for (const { type, key, path } of inside.filter((one) => !isLasting(one)))
      lines.push(
        `  # In it is ${key} of a ${type}, at ${comment(path)}. Its root decides what that leads to.`,
      );
  }
  return sensors === 0 ? undefined : `${lines.join('\n')}\n`;
}
