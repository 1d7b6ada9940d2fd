/** A container of Podman whose root file system is busybox, so that no image is fetched. It is gone when the test is. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

function findLack(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, for Podman';
  for (const program of ['podman', 'runc', 'busybox']) {
    const { status } = spawnSync('sh', ['-c', `command -v ${program}`]);
    if (status !== 0) return `needs ${program}`;
  }
  return false;
}

/** Why there can be no container here; false where there can. */
export const needs_podman = findLack();

const applets = ['sh', 'sleep', 'nc', 'echo', 'true'];

export class PodmanContainer {
  readonly rootfs: string;
  /** All 64 digits. */
  readonly id: string;
  readonly #words: string[];
  /** On the disk: the container sees what lies in memory, as its own. And Podman takes no path of more than 50 letters. */
  readonly #folder = mkdtempSync('/tmp/apiary-podman-');

  constructor() {
    this.rootfs = join(this.#folder, 'contents');
    for (const name of ['bin', 'dev', 'proc', 'sys', 'srv', 'tmp', 'var/log'])
      mkdirSync(join(this.rootfs, name), { recursive: true });
    copyFileSync('/bin/busybox', join(this.rootfs, 'bin/busybox'));
    for (const applet of applets) symlinkSync('busybox', join(this.rootfs, 'bin', applet));
    this.#words = [
      ...['--root', join(this.#folder, 'storage'), '--runroot', join(this.#folder, 'run')],
      ...['--cgroup-manager', 'cgroupfs', '--events-backend', 'file', '--runtime', '/usr/sbin/runc'],
      // Without mounts of its own.
      ...['--storage-driver', 'vfs'],
    ];
    // The limits that Podman would raise are not for everyone to raise.
    const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];
    const rest = ['--rootfs', this.rootfs, '/bin/sleep', '100000'];
    this.id = this.#podman(
      'run',
      '--detach',
      '--network',
      'none',
      '--ipc',
      'host',
      ...limits,
      ...rest,
    ).trim();
  }

  #podman(...args: string[]): string {
    return execFileSync('podman', [...this.#words, ...args], { encoding: 'utf8', timeout: 60_000 });
  }

  /** Runs a shell in it; resolves at its end. */
  async run(script: string): Promise<void> {
    await promisify(execFile)('podman', [...this.#words, 'exec', this.id, '/bin/sh', '-c', script]);
  }

  end(): void {
    this.#podman('rm', '--force', '--time', '0', this.id);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
