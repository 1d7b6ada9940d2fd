/** Network namespaces of a test's own: one in place of the host's, and others at it by a pair of veth each. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Container, readStart } from '../host/containers.ts';

function findLack(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, for network namespaces';
  for (const program of ['ip', 'tcpdump', 'bash'])
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `needs ${program}`;
  const name = `apiarytry${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0)
    return 'needs a kernel that gives network namespaces';
  const { status } = spawnSync('ip', [
    '-n',
    name,
    'link',
    'add',
    'one',
    'type',
    'veth',
    'peer',
    'name',
    'two',
  ]);
  execFileSync('ip', ['netns', 'delete', name]);
  return status === 0 ? false : 'needs a kernel with veth';
}

/** Why there can be none here; false where there can. */
export const needs_namespaces = findLack();

let made = 0;

export class Namespaces {
  readonly host: string;
  readonly #names: string[] = [];
  readonly #processes: ChildProcess[] = [];

  constructor() {
    made += 1;
    this.host = `apiaryhost${process.pid}-${made}`;
    this.#add(this.host);
  }

  #add(name: string): void {
    execFileSync('ip', ['netns', 'add', name]);
    this.#names.push(name);
  }

  /** Words before a program that looks from the host's namespace. */
  get before(): string[] {
    return ['/usr/sbin/ip', 'netns', 'exec', this.host];
  }

  /** Another one, with a process in it; 10.N.0.1 is the host, 10.N.0.2 it itself. */
  async join(number: number): Promise<{ name: string; container: Container }> {
    const name = `apiarypot${process.pid}-${made}-${number}`;
    this.#add(name);
    const [outer, inner] = [`out${number}`, `in${number}`];
    const ip = (...args: string[]): unknown => execFileSync('ip', args);
    ip('-n', this.host, 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name);
    for (const [where, link, last] of [
      [this.host, outer, 1],
      [name, inner, 2],
    ] as const) {
      ip('-n', where, 'address', 'add', `10.${number}.0.${last}/24`, 'dev', link);
      ip('-n', where, 'link', 'set', link, 'up');
    }
    const resting = spawn('ip', ['netns', 'exec', name, 'sh', '-c', 'echo in; exec sleep 100000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#processes.push(resting);
    await new Promise((resolve) => resting.stdout.once('data', resolve));
    const pid = resting.pid!;
    const started = readStart(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    const container: Container = {
      ...{ name: 'pot', kind: 'configured', pid, started, rootfs: undefined, cgroup: '', lxc_path: '' },
    };
    return { name, container };
  }

  run(name: string, script: string): string {
    return execFileSync('ip', ['netns', 'exec', name, 'bash', '-c', script], { encoding: 'utf8' });
  }

  end(): void {
    for (const one of this.#processes) one.kill('SIGKILL');
    for (const name of this.#names) spawnSync('ip', ['netns', 'delete', name]);
  }
}
