/** Names of a container's users, from its own /etc/passwd, which its root may have made anything of. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { openFile } from '../readers/artifact-files.ts';
import { readProc } from './containers.ts';

const passwd_bytes_max = 256 * 1024;
const users_max = 5000;
const fresh_ms = 10_000;
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NOATIME } = constants;

function readPasswd(rootfs: string): string {
  const fds: number[] = [];
  try {
    fds.push(openSync(rootfs, O_RDONLY | O_DIRECTORY));
    fds.push(openSync(`/proc/self/fd/${fds[0]}/etc`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NOATIME));
    const opened = openFile(fds[1]!, 'passwd', 'etc/passwd');
    if (opened === undefined) return '';
    fds.push(opened.fd);
    // A second name could be one of a file of the host.
    if (opened.file.links > 1n) return '';
    const buffer = Buffer.alloc(passwd_bytes_max);
    return buffer.toString('utf8', 0, readSync(opened.fd, buffer, 0, passwd_bytes_max, 0));
  } catch {
    return '';
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

/** `inside outside count` of each line of uid_map: the number inside of a number of the host. */
export function mapUser(map: string, uid: number): number {
  for (const line of map.trim().split('\n')) {
    const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    if (uid >= outside && uid < outside + count) return inside + uid - outside;
  }
  return uid;
}

export class Users {
  #names = new Map<number, string>();
  #map = '';
  #read_ms = Number.NEGATIVE_INFINITY;
  #of = '';

  /** Number and name inside; the name is '' where there is none. */
  name(rootfs: string | undefined, pid: number, uid: number): { uid: number; user: string } {
    const now = performance.now();
    const of = `${rootfs} ${pid}`;
    if (of !== this.#of || now - this.#read_ms > fresh_ms) {
      this.#of = of;
      this.#read_ms = now;
      this.#map = readProc(`/proc/${pid}/uid_map`);
      this.#names = new Map(
        (rootfs === undefined ? '' : readPasswd(rootfs))
          .split('\n')
          .slice(0, users_max)
          .flatMap((line) => {
            const [name = '', , number = ''] = line.split(':');
            return /^\d{1,10}$/.test(number) ? [[Number(number), name.slice(0, 64)] as const] : [];
          })
          .reverse(),
      );
    }
    const inside = mapUser(this.#map, uid);
    return { uid: inside, user: this.#names.get(inside) ?? '' };
  }
}
