/**
 * How decoders are kept in: bytes that an attacker wrote go through programs that are not ours, and each may have a
 * hole. As root they run as nobody, without capabilities, in a network of their own; everywhere with limits of CPU
 * time, memory and files, and behind the honeypot in the queue for the processor.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Confinement {
  /** Words before the decoder's own command, for limits that are known only then. */
  wrap(limits: { cpu_seconds: number; memory_bytes: number; file_bytes: number }): string[];
  /**
   * For a decoder that must read and write a folder of ours, or none: where it finds it, and its program, whatever user
   * it runs as. Undefined where this host has no such place.
   */
  enclose(folder: string | undefined, program: string): Enclosure | undefined;
  /** What this host does not offer, for `status`; '' where all is there. */
  weakness: string;
}

export interface Enclosure {
  /** Words before all others. */
  words: string[];
  /** Where the decoder finds the folder ('' where it was given none) and the program. */
  folder: string;
  program: string;
}

export const nobody = 65_534;
/** Any folder that every host has: something of the decoder's own is mounted over it, which only the decoder sees. */
const shown_at = '/mnt';
const show_script = `set -e
mount -t tmpfs -o size=64k,mode=755 none ${shown_at}
mkdir ${shown_at}/files
: > ${shown_at}/program
[ -z "$1" ] || mount --bind "$1" ${shown_at}/files
mount --bind "$2" ${shown_at}/program
shift 2
exec "$@"`;
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

/** The full path of a program in the usual folders; PATH is not asked. */
export const findProgram = (name: string): string | undefined =>
  folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));

const works = (words: readonly string[]): boolean =>
  words.length > 0 && spawnSync(words[0]!, [...words.slice(1), '/bin/true'], { timeout: 5000 }).status === 0;

let found: Confinement | undefined;

/** Tried once: what works on this host for this user. */
export function confinement(): Confinement {
  found ??= findConfinement(process.getuid?.() === 0);
  return found;
}

/** @param is_root whether this process may give up rights that it has */
export function findConfinement(is_root: boolean): Confinement {
  const missing: string[] = [];
  const parts: string[][] = [];
  const add = (program: string, args: readonly string[], without: string): void => {
    const path = findProgram(program);
    const words = path === undefined ? [] : [path, ...args];
    if (works(words)) parts.push(words);
    else missing.push(without);
  };
  if (is_root) {
    add('unshare', ['--net', '--'], 'with the network');
    const no_rights = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--'];
    add('setpriv', [`--reuid=${nobody}`, `--regid=${nobody}`, ...no_rights], 'as root');
  } else {
    missing.push('as the user of the collector and with its network');
    add('setpriv', ['--no-new-privs', '--'], 'with set-user-id programs in reach');
  }
  const limiter = findProgram('prlimit');
  if (limiter === undefined || !works([limiter, '--core=0', '--']))
    missing.push('without limits of memory and CPU time');
  const nice = findProgram('nice');
  // Processes that a decoder leaves behind end with it.
  const apart = findProgram('unshare');
  const own_view = [
    ...(apart === undefined ? [] : [apart, '--mount', '--propagation', 'private']),
    ...['--pid', '--fork', '--kill-child', '--', '/bin/sh', '-c', show_script, 'sh'],
  ];
  const is_enclosed = is_root && apart !== undefined && works([...own_view, '/', '/bin/true']);
  if (is_root && !is_enclosed)
    missing.push('in the process of the collector where they read SQLite or captures');
  const enclosed = { folder: `${shown_at}/files`, program: `${shown_at}/program` };
  return {
    enclose: (folder, program) => {
      const given = folder ?? '';
      if (!is_root) return { words: [], folder: given, program };
      return is_enclosed ? { words: [...own_view, given, program], ...enclosed } : undefined;
    },
    weakness: missing.length === 0 ? '' : `decoders run ${missing.join(', ')}`,
    wrap: ({ cpu_seconds, memory_bytes, file_bytes }) => [
      ...parts.flat(),
      ...(limiter === undefined
        ? []
        : [
            limiter,
            `--cpu=${cpu_seconds}`,
            `--as=${memory_bytes}`,
            `--fsize=${file_bytes}`,
            '--core=0',
            '--',
          ]),
      ...(nice === undefined ? [] : [nice, '-n', '5']),
    ],
  };
}
