/**
 * A view of a container's root file system that leaves no access times: a read-only mount of it in a mount namespace
 * of its own, held by a child process of the host. Neither the container nor the host sees that mount; it goes with
 * the child, which goes with the collector. Listing a folder marks it as read on any other mount, and Node has no way
 * to ask for it otherwise.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { isSameFolder } from './container-root.ts';

const mount_script =
  'mount --bind "$1" "$2" && mount -o remount,bind,ro,noatime,nodev,nosuid,noexec "$2" && echo held && exec cat';
const wait_ms = 5000;

export class QuietView {
  readonly #rootfs: string;
  readonly #child: ChildProcess | undefined;
  readonly #mounted_at: string;

  private constructor(rootfs: string, mounted_at: string, child: ChildProcess | undefined) {
    this.#rootfs = rootfs;
    this.#mounted_at = mounted_at;
    this.#child = child;
  }

  /** @param folder of the collector's own, where the child mounts */
  static async open(rootfs: string, folder: string): Promise<QuietView> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const args = ['--mount', '--propagation', 'private', 'sh', '-c', mount_script, 'sh', rootfs, folder];
    const child = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' });
    child.on('error', () => child.kill());
    const is_held = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      once(child, 'close').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(resolve, wait_ms, false).unref()),
    ]).catch(() => false);
    // `mount` resolves names: of a path that leads into another namespace it may make the host's own root.
    const made = `/proc/${child.pid}/root${folder}/`;
    if (is_held && child.pid !== undefined && isSameFolder(made, `${rootfs}/`))
      return new QuietView(rootfs, folder, child);
    child.kill('SIGKILL');
    return new QuietView(rootfs, folder, undefined);
  }

  get is_quiet(): boolean {
    return this.#child !== undefined;
  }

  /** False where the child has gone: another view is to be opened. */
  get is_held(): boolean {
    return this.#child === undefined || this.#child.exitCode === null;
  }

  /** Where the root file system is reached. */
  get path(): string {
    return this.#child === undefined ? this.#rootfs : `/proc/${this.#child.pid}/root${this.#mounted_at}`;
  }

  close(): void {
    this.#child?.stdin?.end();
    this.#child?.kill('SIGKILL');
  }
}
