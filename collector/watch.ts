/** Whether a honeypot's process and port are there, from /proc. Only the kernel is asked: nobody connects to the honeypot. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Watch } from './config.ts';

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process ended while we looked, or the system has no such file: neither is the one we look for.
    return '';
  }
}

const interpreter = /^(?:python|perl|ruby|node|java|bash|sh|dash|php|lua|mono)[\d.]*$/;

/** The program, and what its interpreter runs: the first word that is no option, and a module behind `-m` or a `.jar`. */
function programOf(words: readonly string[]): string[] {
  const [program = '', ...rest] = words;
  if (!interpreter.test(basename(program))) return [program];
  const script = rest.findIndex((word) => !word.startsWith('-'));
  if (script === -1) return [program];
  // `python /usr/bin/twistd … cowrie`: twistd runs what it names last.
  return [program, ...programOf(rest.slice(script)), ...(basename(rest[script]!) === 'twistd' ? rest : [])];
}

/** A process counts by the name of its program, or of the script that its interpreter runs. */
function hasProcess(name: string): boolean {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (readOrEmpty(`/proc/${pid}/comm`).trim() === name) return true;
    if (programOf(readOrEmpty(`/proc/${pid}/cmdline`).split('\0')).some((one) => basename(one) === name))
      return true;
  }
  return false;
}

const listening = '0A';

function hasListener(port: number): boolean {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  for (const path of ['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/udp', '/proc/net/udp6']) {
    for (const line of readOrEmpty(path).split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      const is_open = path.includes('udp') || state === listening;
      if (is_open && local?.endsWith(`:${wanted}`)) return true;
    }
  }
  return false;
}

/** What is missing of what was to be there, for people; '' where nothing is. */
export function findMissing(watch: Watch): string {
  const missing: string[] = [];
  if (watch.process !== undefined && !hasProcess(watch.process)) missing.push(`no process ${watch.process}`);
  if (watch.port !== undefined && !hasListener(watch.port))
    missing.push(`nothing listens on port ${watch.port}`);
  return missing.join(', ');
}
