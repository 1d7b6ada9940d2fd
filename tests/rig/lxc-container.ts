/** A container of LXC with busybox, on a bridge of its own, that is gone when the test is. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function findLack(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, for LXC';
  for (const program of ['lxc-create', 'lxc-start', 'busybox', 'ip', 'auditctl']) {
    const { status } = spawnSync('sh', ['-c', `command -v ${program}`]);
    if (status !== 0) return `needs ${program}`;
  }
  // Several test files ask at the same time.
  const bridge = `apiarytry${process.pid % 100_000}`;
  const { status } = spawnSync('ip', ['link', 'add', bridge, 'type', 'bridge']);
  if (status !== 0) return 'needs a kernel with bridges';
  execFileSync('ip', ['link', 'delete', bridge]);
  return false;
}

/** Adds a bridge whose name and network nobody else has, whatever other tests left or hold; gives its number. */
function addBridge(): number {
  let answer = '';
  for (let attempt = 0; attempt < 20; attempt++) {
    const number = randomInt(250);
    const added = spawnSync('ip', ['link', 'add', `apiary${number}`, 'type', 'bridge'], { encoding: 'utf8' });
    if (added.status === 0) return number;
    answer = added.stderr;
  }
  throw new Error(`No bridge could be added: ${answer}`);
}

/** Why there can be no container here; false where there can. */
export const needs_lxc = findLack();

export class LxcContainer {
  readonly lxc_path: string;
  readonly name = 'pot';
  #number: number | undefined;

  constructor(folder: string) {
    this.lxc_path = join(folder, 'lxc');
  }

  get bridge(): string {
    return `apiary${this.#number}`;
  }

  get host_ip(): string {
    return `10.231.${this.#number}.1`;
  }

  get ip(): string {
    return `10.231.${this.#number}.7`;
  }

  get rootfs(): string {
    return join(this.lxc_path, this.name, 'rootfs');
  }

  /**
   * @param under a program that starts what starts the container
   * @param init lines of a shell that run before the first process rests
   */
  start({ under, init }: { under?: string; init?: string } = {}): void {
    mkdirSync(this.lxc_path, { recursive: true });
    this.#number = addBridge();
    execFileSync('ip', ['address', 'add', `${this.host_ip}/24`, 'dev', this.bridge]);
    execFileSync('ip', ['link', 'set', this.bridge, 'up']);
    const settings = join(this.lxc_path, 'settings');
    const lines = [
      'lxc.net.0.type = veth',
      `lxc.net.0.link = ${this.bridge}`,
      'lxc.net.0.flags = up',
      `lxc.net.0.ipv4.address = ${this.ip}/24`,
      'lxc.apparmor.profile = unconfined',
      `lxc.init.cmd = ${init === undefined ? '/bin/sleep 100000' : '/bin/sh /begin'}`,
    ];
    writeFileSync(settings, `${lines.join('\n')}\n`);
    this.#lxc('create', ['-f', settings, '-t', 'busybox']);
    if (init !== undefined) writeFileSync(join(this.rootfs, 'begin'), `${init}\nexec /bin/sleep 100000\n`);
    this.#lxc('start', ['-d'], under);
    this.#lxc('wait', ['-s', 'RUNNING', '-t', '10']);
  }

  /** Gives it its share of the processors also beside many others; by control groups of either version. */
  favour(): void {
    for (const [file, weight] of [
      ['cpu.shares', '8192'],
      ['cpu.weight', '1000'],
    ] as const)
      spawnSync('lxc-cgroup', ['-P', this.lxc_path, '-n', this.name, file, weight], { timeout: 30_000 });
  }

  #lxc(command: string, args: string[], under?: string): string {
    const all = [`lxc-${command}`, '-P', this.lxc_path, '-n', this.name, ...args];
    const [program, ...rest] = under === undefined ? all : [under, ...all];
    return execFileSync(program!, rest, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
  }

  /** Runs a script as root inside, and gives what it printed. */
  run(script: string): string {
    return this.#lxc('attach', ['--clear-env', '--', 'sh', '-c', script]);
  }

  /** The same, while the test goes on. */
  async runAside(script: string): Promise<number | null> {
    const args = ['-P', this.lxc_path, '-n', this.name, '--clear-env', '--', 'sh', '-c', script];
    const child = spawn('lxc-attach', args, { stdio: 'ignore' });
    return new Promise((resolve) => child.once('close', resolve));
  }

  /** Only what this made. */
  end(): void {
    if (this.#number === undefined) return;
    spawnSync('lxc-stop', ['-P', this.lxc_path, '-n', this.name, '-k'], { timeout: 30_000 });
    spawnSync('lxc-destroy', ['-P', this.lxc_path, '-n', this.name], { timeout: 30_000 });
    spawnSync('ip', ['link', 'delete', this.bridge]);
  }
}
