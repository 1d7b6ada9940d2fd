import { readFileSync } from 'node:fs';

/** The most memory that a process ever held, in MiB; 0 for none. */
export function peakMemory(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kib) / 1024);
}
