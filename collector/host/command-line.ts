/**
 * The command line of a process that an attacker owns. Reading it reads the process's memory, which may lie in a file
 * system of his own that never answers: a child reads it, and is killed when it takes too long.
 */
import { execFile } from 'node:child_process';

export const command_bytes_max = 8192;
const timeout_ms = 1000;

/** Its arguments; empty where the process is gone or does not let itself be read. */
export function readArguments(pid: number): Promise<string[]> {
  const options = { encoding: 'latin1', timeout: timeout_ms, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile('head', ['-c', String(command_bytes_max), `/proc/${pid}/cmdline`], options, (_error, text) => {
      const bare = Buffer.from(text.replace(/\0+$/, ''), 'latin1').toString('utf8');
      resolve(bare === '' ? [] : bare.split('\0'));
    });
  });
}
