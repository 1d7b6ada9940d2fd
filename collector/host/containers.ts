/**
 * The containers of this host, found from outside: by the cgroup of their processes and by LXC's folders. Nothing is
 * asked of a container or of its runtime, so nothing inside can notice.
 *
 * - LXC: cgroup `…/lxc.payload.NAME` (4.0 and later) or `/lxc/NAME`; the parent of its init is `[lxc monitor] PATH NAME`.
 * - Docker: `…/docker/ID` or `docker-ID.scope`; Podman: `libpod-ID.scope` or `libpod-ID`; ID is 64 hexadecimal digits.
 *
 * The first match from the top counts: what a container's root makes below its own cgroup names nothing else.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureSettings } from './capture.ts';
import { reachRoot } from './container-root.ts';

export type ContainerKind = 'lxc' | 'docker' | 'podman' | 'configured';

export interface Container {
  name: string;
  kind: ContainerKind;
  /** Its first process, as the host numbers it; undefined where it does not run. */
  pid: number | undefined;
  /** When that process started, in ticks since boot: with the pid the name of this life. */
  started: string;
  /** Its root file system as the host reaches it; undefined where that is not known. */
  rootfs: string | undefined;
  /** Path in the cgroup hierarchies; '' where it does not run. */
  cgroup: string;
  /** The folder of LXC that it lies in; '' for others. */
  lxc_path: string;
}

/** How a sensor names its container. */
export interface ContainerChoice {
  name: string;
  lxc_path?: string;
  /** Of its first process, where it is no container that is found by itself. */
  pid?: number;
  rootfs?: string;
  audit_log?: string;
  every_seconds?: number;
  /** Traffic is captured only where this is set. */
  capture?: CaptureSettings;
}

const found_for_ms = 1000;
const file_bytes_max = 128 * 1024;
const cgroup_forms: readonly { kind: ContainerKind; form: RegExp }[] = [
  { kind: 'lxc', form: /^(.*?\/lxc\.payload\.([^/]+))(?:\/|$)/ },
  { kind: 'lxc', form: /^(\/lxc\/([^/]+))(?:\/|$)/ },
  { kind: 'docker', form: /^(.*?\/docker[-/]([0-9a-f]{64})(?:\.scope)?)(?:\/|$)/ },
  { kind: 'podman', form: /^(.*?\/libpod-([0-9a-f]{64})(?:\.scope)?)(?:\/|$)/ },
];

/** One for all files, which are read one at a time. */
const file_buffer = Buffer.allocUnsafeSlow(file_bytes_max);

/** The beginning of a file of /proc or of a control group; '' where it is gone. */
export function readProc(path: string): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const buffer = file_buffer;
      let at = 0;
      while (at < buffer.length) {
        const count = readSync(fd, buffer, at, buffer.length - at, null);
        if (count === 0) break;
        at += count;
      }
      return buffer.toString('latin1', 0, at);
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** The path of a process in the hierarchies: that of cgroup 2 where it says something, else of the first of cgroup 1. */
export function readCgroup(text: string): string {
  const paths = text.split('\n').flatMap((line) => {
    const found = /^(\d+):[^:]*:(\/.*)$/.exec(line);
    return found === null ? [] : [{ is_2: found[1] === '0', path: found[2]! }];
  });
  const told = paths.find(({ is_2, path }) => is_2 && path !== '/') ?? paths.find(({ path }) => path !== '/');
  return told?.path ?? '/';
}

export function matchCgroup(path: string): { kind: ContainerKind; name: string; cgroup: string } | undefined {
  for (const { kind, form } of cgroup_forms) {
    const found = form.exec(path);
    if (found === null) continue;
    const name = found[2]!;
    return { kind, name: kind === 'lxc' ? name : name.slice(0, 12), cgroup: found[1]! };
  }
  return undefined;
}

/** The 22nd field of /proc/PID/stat; the program's name before it may hold anything. */
export function readStart(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

const usual_lxc_path = '/var/lib/lxc';

export class Containers {
  readonly #proc: string;
  #found: Container[] = [];
  #found_ms = 0;

  /** @param proc where /proc is */
  constructor(proc = '/proc') {
    this.#proc = proc;
  }

  /** All that run, and LXC's that do not. */
  list(lxc_paths: readonly string[] = [usual_lxc_path]): Container[] {
    const running = this.#running();
    const stopped = lxc_paths.flatMap((lxc_path) =>
      listFolders(lxc_path)
        .filter((name) => existsSync(join(lxc_path, name, 'config')))
        .filter((name) => !running.some((one) => one.name === name && one.lxc_path === lxc_path))
        .map((name): Container => {
          const rootfs = readRootfs(join(lxc_path, name, 'config'));
          return { name, kind: 'lxc', pid: undefined, started: '', rootfs, cgroup: '', lxc_path };
        }),
    );
    return [...running, ...stopped];
  }

  /** The container that a sensor names; undefined where there is none now. */
  find(choice: ContainerChoice): Container | undefined {
    if (choice.pid !== undefined) return this.#configured(choice, choice.pid);
    const lxc_paths = [choice.lxc_path ?? usual_lxc_path];
    const found = this.list(lxc_paths).find(
      ({ name, kind, lxc_path }) =>
        name === (kind === 'lxc' ? choice.name : choice.name.slice(0, 12)) &&
        (choice.lxc_path === undefined || lxc_path === choice.lxc_path),
    );
    if (found !== undefined) return choice.rootfs === undefined ? found : { ...found, rootfs: choice.rootfs };
    if (choice.rootfs === undefined) return undefined;
    const { name, rootfs } = choice;
    return { name, kind: 'configured', pid: undefined, started: '', rootfs, cgroup: '', lxc_path: '' };
  }

  #configured({ name, rootfs }: ContainerChoice, pid: number): Container | undefined {
    const started = readStart(readProc(join(this.#proc, String(pid), 'stat')));
    if (started === '') return undefined;
    const cgroup = readCgroup(readProc(join(this.#proc, String(pid), 'cgroup')));
    const root = rootfs ?? reachRoot(this.#proc, pid);
    return { name, kind: 'configured', pid, started, rootfs: root, cgroup, lxc_path: '' };
  }

  #running(): Container[] {
    const now = performance.now();
    if (this.#found_ms > 0 && now - this.#found_ms < found_for_ms) return this.#found;
    this.#found = listFolders(this.#proc)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => this.#describe(Number(pid)) ?? []);
    this.#found_ms = now;
    return this.#found;
  }

  /** A process that is the first of a container: number 1 one namespace below ours. */
  #describe(pid: number): Container | undefined {
    const folder = join(this.#proc, String(pid));
    const matched = matchCgroup(readCgroup(readProc(join(folder, 'cgroup'))));
    if (matched === undefined) return undefined;
    const status = readProc(join(folder, 'status'));
    const numbers = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    if (numbers.length !== 2 || numbers[1] !== '1') return undefined;
    const started = readStart(readProc(join(folder, 'stat')));
    const { kind, cgroup } = matched;
    const monitor = kind === 'lxc' ? this.#monitor(Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1])) : undefined;
    const name = monitor?.name ?? matched.name;
    const lxc_path = monitor?.lxc_path ?? '';
    const listed = lxc_path === '' ? undefined : readRootfs(join(lxc_path, name, 'config'));
    return { name, kind, pid, started, rootfs: listed ?? reachRoot(this.#proc, pid), cgroup, lxc_path };
  }

  /** Two containers of one name in two folders have cgroups NAME and NAME-1: the monitor tells which is which. */
  #monitor(pid: number): { lxc_path: string; name: string } | undefined {
    const title = readProc(join(this.#proc, String(pid), 'cmdline')).replace(/\0.*$/s, '');
    const found = /^\[lxc monitor\] (\/.*) ([^ /]+)$/.exec(title);
    return found === null ? undefined : { lxc_path: found[1]!, name: found[2]! };
  }
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Of LXC's configuration, where it is a plain folder. */
function readRootfs(config: string): string | undefined {
  const text = readProc(config);
  const path = /^\s*lxc\.rootfs\.path\s*=\s*(?:dir:)?(\/.*?)\s*$/m.exec(text)?.[1];
  return path !== undefined && existsSync(path) ? path : undefined;
}
