/**
 * The kernel's audit with a daemon that writes into a folder of the test, switched off again behind it. There is one
 * audit in a kernel: tests that run at the same time take turns.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const rule = ['always,exit', '-F', 'arch=b64', '-S', 'execve', '-S', 'execveat', '-k', 'apiary-test'];

/** A name without a file, which the kernel gives to one process at a time and takes back when it ends. */
const turn = '\0apiary-test-audit';
const turn_wait_ms_max = 120_000;

async function takeTurn(): Promise<Server> {
  const deadline = Date.now() + turn_wait_ms_max;
  for (;;) {
    const server = createServer();
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(turn, () => resolve(true));
    });
    if (taken) return server;
    if (Date.now() > deadline) throw new Error('another test keeps the audit to itself');
    await sleep(200);
  }
}

export class AuditDaemon {
  readonly log: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #turn: Server | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.log = join(folder, 'audit.log');
  }

  async start(): Promise<void> {
    this.#turn = await takeTurn();
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
    if (this.#turn === undefined) return;
    spawnSync('auditctl', ['-d', ...rule]);
    spawnSync('auditctl', ['-e', '0']);
    const child = this.#child;
    if (child !== undefined && child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    this.#turn.close();
    this.#turn = undefined;
  }
}
