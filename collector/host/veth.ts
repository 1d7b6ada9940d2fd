/**
 * The host's ends of a container's network: those pairs of the kernel's veth whose other end lies in the namespace of its
 * first process. Both the number of that namespace and where a pair leads are the host kernel's word; nothing that the
 * container's root can name is asked (its /sys and the indexes of its interfaces are his).
 */
import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { findProgram } from '../decode/confinement.ts';

const run = promisify(execFile);
const limits = { timeout: 5000, maxBuffer: 16 * 1024 * 1024, env: { LC_ALL: 'C' }, cwd: '/' };
const interface_name = /^[\w.:@+-]{1,15}$/;

/** The full path of a program. @throws with what to install. */
export function needProgram(name: string, from: string): string {
  const program = findProgram(name);
  if (program === undefined) throw new Error(`${name} is not installed: apt-get install ${from}`);
  return program;
}

async function ask(before: readonly string[], program: string, args: string[]): Promise<unknown> {
  const [first, ...rest] = [...before, program, ...args];
  const { stdout } = await run(first!, rest, limits);
  return JSON.parse(stdout);
}

/**
 * @param before Words before each program, for one that looks from another network namespace than this process's.
 * @throws where it cannot be found out
 */
export async function findVeths(pid: number, before: readonly string[] = []): Promise<string[]> {
  const [, inode] = /^net:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/net`)) ?? [];
  const listed = await ask(before, needProgram('lsns', 'util-linux'), [
    ...['--json', '--type', 'net', '--output', 'NS,NETNSID', '--task', String(pid)],
  ]);
  const { namespaces } = listed as { namespaces: { ns: number | string; netnsid: string }[] };
  const number = namespaces.find(({ ns }) => String(ns) === inode)?.netnsid;
  if (number === undefined || !/^\d+$/.test(String(number))) return [];
  const links = await ask(before, needProgram('ip', 'iproute2'), [
    '-json',
    '-details',
    'link',
    'show',
    'type',
    'veth',
  ]);
  return (links as { ifname?: string; link_netnsid?: number }[]).flatMap(({ ifname, link_netnsid }) =>
    String(link_netnsid) === String(number) && ifname !== undefined && interface_name.test(ifname)
      ? [ifname]
      : [],
  );
}
