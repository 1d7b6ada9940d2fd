/**
 * Where the host reaches the root file system of a container that is known by its first process. `/proc/PID/root` leads
 * there, but is another path when the container is started again, and no mount can be made of it: it is resolved to the
 * host's own root. So the mount that the container has at `/` is looked for among the host's (an overlay's `merged`, a
 * plain folder), and taken where it is the very same folder.
 */
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

interface Mount {
  /** major:minor */
  device: string;
  /** What of the file system is mounted. */
  root: string;
  at: string;
}

/** Of /proc/PID/mountinfo (proc_pid_mountinfo(5)); blanks and the like stand in it as octal numbers. */
export function parseMounts(text: string): Mount[] {
  const plain = (field: string): string =>
    field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return text.split('\n').flatMap((line) => {
    const [, , device, root, at] = line.split(' ');
    return at === undefined ? [] : [{ device: device!, root: plain(root!), at: plain(at) }];
  });
}

/** Whether both paths lead to one folder. */
export function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** The mounts that a process sees; none where it is gone. */
function mountsOf(folder: string): Mount[] {
  try {
    return parseMounts(readFileSync(join(folder, 'mountinfo'), 'latin1'));
  } catch {
    return [];
  }
}

/** @param proc where /proc is */
export function reachRoot(proc: string, pid: number): string {
  const by_process = join(proc, String(pid), 'root');
  const own = mountsOf(join(proc, String(pid))).find(({ at }) => at === '/');
  if (own === undefined) return by_process;
  const found = mountsOf(join(proc, 'self'))
    .filter(({ device, root }) => device === own.device && !relative(root, own.root).startsWith('..'))
    .map(({ root, at }) => join(at, relative(root, own.root)))
    .find((path) => path !== '/' && isSameFolder(path, `${by_process}/`));
  return found ?? by_process;
}
