/** A gateway of its own in a process of its own, enrolled with the command that a person gets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from './ports.ts';
import type { ServerProcess } from './server-process.ts';

const program = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const start_within_ms = 60_000;

export class GatewayProcess {
  readonly directory: string;
  readonly port: number;
  output = '';
  #child: ChildProcess | undefined;

  private constructor(directory: string, port: number) {
    this.directory = directory;
    this.port = port;
  }

  /** Registers it and enrols it; does not start it. */
  static async enrol(
    server: Pick<ServerProcess, 'order'>,
    directory: string,
    name: string,
  ): Promise<GatewayProcess> {
    const [port] = (await freePorts(1)) as [number];
    const { command } = await server.order<{ command: string }>('gatewayAdd', {
      name,
      address: `127.0.0.1:${port}`,
    });
    const gateway = new GatewayProcess(directory, port);
    const child = gateway.#spawn(command.split(' ').slice(1));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${command} ended with ${String(code)}:\n${gateway.output}`);
    return gateway;
  }

  #spawn(args: string[]): ChildProcess {
    const child = spawn(process.execPath, [program, ...args, '--data', this.directory], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    return child;
  }

  async start(): Promise<void> {
    const begin = this.output.length;
    const child = this.#spawn(['gateway', 'run', '--listen', `127.0.0.1:${this.port}`]);
    this.#child = child;
    const deadline = Date.now() + start_within_ms;
    while (!this.output.slice(begin).includes('The gateway listens at')) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
        throw new Error(`the gateway did not start:\n${this.output.slice(begin)}`);
      await sleep(20);
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
