/** The kernel's audit with a daemon that writes into a folder of the test, switched off again behind it. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const rule = ['always,exit', '-F', 'arch=b64', '-S', 'execve', '-S', 'execveat', '-k', 'apiary-test'];

export class AuditDaemon {
  readonly log: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.log = join(folder, 'audit.log');
  }

  async start(): Promise<void> {
    mkdirSync(join(this.#folder, 'plugins'), { recursive: true });
    const lines = [
      ...[`log_file = ${this.log}`, 'log_format = RAW', 'log_group = root', 'flush = NONE'],
      ...['max_log_file = 8', 'num_logs = 2', 'max_log_file_action = ROTATE'],
      ...['space_left = 5', 'space_left_action = IGNORE', 'admin_space_left = 4'],
      ...['admin_space_left_action = IGNORE', 'disk_full_action = IGNORE', 'disk_error_action = IGNORE'],
      `plugin_dir = ${join(this.#folder, 'plugins')}`,
    ];
    writeFileSync(join(this.#folder, 'auditd.conf'), `${lines.join('\n')}\n`);
    this.#child = spawn('auditd', ['-n', '-c', this.#folder], { stdio: 'ignore' });
    for (let tries = 0; !existsSync(this.log) && tries < 100; tries += 1) await sleep(50);
    execFileSync('auditctl', ['-e', '1'], { stdio: 'ignore' });
    execFileSync('auditctl', ['-a', ...rule], { stdio: 'ignore' });
  }

  async end(): Promise<void> {
    spawnSync('auditctl', ['-d', ...rule]);
    spawnSync('auditctl', ['-e', '0']);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
