/** A server of Apiary in a process of its own, on loopback, as an operator would start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { giveOrder } from '@apiary/server/give-order.ts';
import type { OrderName } from '@apiary/server/orders.ts';
import { copyEngineImage } from './engine-image.ts';
import { freePorts } from './ports.ts';

const server_main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const geo = (name: string): string => fileURLToPath(new URL(`../../demo/geo/${name}.csv`, import.meta.url));
const start_within_ms = 180_000;

/** Empty where the process has ended. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

interface ServerOptions {
  /** Where collectors are told to go, and gateways of their own; the server's gateway itself by default. */
  gateway_address?: string;
  control_address?: string;
  gateway_bytes_per_second?: number;
}

export class ServerProcess {
  readonly directory: string;
  readonly url: string;
  readonly gateway_port: number;
  child: ChildProcess | undefined;
  /** What it wrote to standard output and error. */
  output = '';
  /** Of the runtime, as a clock that can be set. */
  node_options: string[] = [];
  #cookie = '';
  #ready = false;
  #password = '';
  #halted: number | undefined;

  private constructor(directory: string, url: string, gateway_port: number) {
    this.directory = directory;
    this.url = url;
    this.gateway_port = gateway_port;
  }

  /**
   * Configures a server in `directory` and starts it.
   */
  static async start(directory: string, options: ServerOptions = {}): Promise<ServerProcess> {
    const server = await ServerProcess.prepare(directory, options);
    copyEngineImage(join(directory, 'engine'), 'all');
    await server.restart();
    return server;
  }

  /** Configures a server in `directory`; it is not started, and its engine has no schema yet. */
  static async prepare(directory: string, options: ServerOptions = {}): Promise<ServerProcess> {
    mkdirSync(directory, { recursive: true });
    const [web, gateway, enrolment] = (await freePorts(3)) as [number, number, number];
    const address = options.gateway_address ?? `127.0.0.1:${gateway}`;
    writeFileSync(
      join(directory, 'apiary.yaml'),
      `web: { listen: "127.0.0.1:${web}" }
gateway: { listen: "127.0.0.1:${gateway}", address: "${address}", control_address: "${options.control_address ?? `127.0.0.1:${gateway}`}", bytes_per_second_max: ${options.gateway_bytes_per_second ?? 1_000_000_000} }
enrolment: { listen: "127.0.0.1:${enrolment}", address: "127.0.0.1:${enrolment}" }
geo: { country: [${JSON.stringify(geo('country'))}], as: [${JSON.stringify(geo('as'))}] }
`,
    );
    return new ServerProcess(directory, `http://127.0.0.1:${web}`, gateway);
  }

  /** Starts it again, after `kill` or `stop`. */
  async restart(): Promise<void> {
    const begin = this.output.length;
    const child = this.begin();
    const deadline = Date.now() + start_within_ms;
    while (!this.output.slice(begin).includes('Apiary is at')) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
        throw new Error(`the server did not start:\n${this.output.slice(begin)}`);
      await sleep(20);
    }
    this.#ready = true;
    this.#password = /with the password (\S+)/.exec(this.output)?.[1] ?? this.#password;
  }

  /** Starts it without waiting for it. */
  begin(): ChildProcess {
    const child = spawn(
      process.execPath,
      [...this.node_options, server_main, 'serve', '--data', this.directory],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    this.#ready = false;
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    return child;
  }

  /** Whether it has said that it is there: its engine has been made ready. */
  get ready(): boolean {
    return this.#ready;
  }

  get password(): string {
    return this.#password;
  }

  order<T>(name: OrderName, args: Record<string, string>): Promise<T> {
    return giveOrder(join(this.directory, 'control.sock'), name, args) as Promise<T>;
  }

  /** A new password for the first administrator, where a start did not tell one. */
  async renewPassword(): Promise<void> {
    this.#password = (await this.order<{ password: string }>('userPassword', { name: 'admin' })).password;
  }

  /** GET of the API, logged in as the first administrator. */
  async get<T>(path: string): Promise<T> {
    if (this.#cookie === '') await this.#logIn();
    const response = await fetch(`${this.url}/api/v1${path}`, { headers: { cookie: this.#cookie } });
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
    return JSON.parse(body) as T;
  }

  /** POST to the API, logged in as the first administrator. */
  async post<T>(path: string, body: unknown): Promise<T> {
    if (this.#cookie === '') await this.#logIn();
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text === '' ? '{}' : text) as T;
  }

  async #logIn(): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: this.#password }),
    });
    if (!response.ok) throw new Error(`log-in: ${response.status} ${await response.text()}`);
    this.#cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] as string;
  }

  /** Process id of the embedded engine; waits for one that is being started again. */
  enginePid(): Promise<number> {
    return this.#childPid('engine-process');
  }

  async #childPid(word: string): Promise<number> {
    const pid = this.child?.pid;
    const deadline = Date.now() + start_within_ms;
    for (;;) {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
      const found = children.find((child) => commandLine(child).includes(word));
      if (found !== undefined) return Number(found);
      if (Date.now() > deadline) throw new Error(`the server ${pid} has no ${word}:\n${this.output}`);
      await sleep(20);
    }
  }

  /**
   * Halts the analysis until the server ends, for a test that asks for records and events alone: to go through a
   * million events takes as long as to load them.
   */
  async haltAnalysis(): Promise<void> {
    this.#halted = await this.#childPid('analysis-process');
    process.kill(this.#halted, 'SIGSTOP');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    // Halted, it would not hear that it is to end.
    if (this.#halted !== undefined) process.kill(this.#halted, 'SIGKILL');
    this.#halted = undefined;
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
  }
}
