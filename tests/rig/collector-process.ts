/** A collector in a process of its own: enrolled with the command that a person gets, then run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start_environment, start_options } from '@apiary/collector/build.ts';
import type { ServerProcess } from './server-process.ts';

const collector_main = fileURLToPath(new URL('../../collector/main.ts', import.meta.url));

export interface SensorConfig {
  name: string;
  type: string;
  paths?: Record<string, string>;
  /** Of a sensor that looks at a container from its host. */
  container?: Record<string, unknown>;
  /** Of a type that nobody knows yet. */
  keep_raw?: boolean;
}

export class CollectorProcess {
  readonly directory: string;
  readonly #program: string;
  child: ChildProcess | undefined;
  output = '';
  /** Of the runtime, as a clock that can be set. */
  node_options: string[] = [];

  constructor(directory: string, program = collector_main) {
    this.directory = directory;
    this.#program = program;
  }

  /** Registers it with its sensors, enrols it and writes its configuration. */
  static async enrol(
    server: ServerProcess,
    directory: string,
    name: string,
    sensors: SensorConfig[],
    options: { program?: string; settings?: string } = {},
  ): Promise<CollectorProcess> {
    const list = sensors.map((sensor) => `${sensor.name}:${sensor.type}`).join(',');
    const { command } = await server.order<{ command: string }>('collectorAdd', {
      name,
      lives_in: 'elsewhere',
      sensors: list,
      ...(sensors.some(({ keep_raw }) => keep_raw) ? { keep_raw: 'yes' } : {}),
    });
    const collector = new CollectorProcess(directory, options.program);
    await collector.finish(command.trim().split(' ').slice(1));
    collector.configure(sensors, options.settings);
    return collector;
  }

  configure(sensors: SensorConfig[], settings = ''): void {
    mkdirSync(this.directory, { recursive: true });
    const entries = sensors.map(
      ({ name, type, ...source }) =>
        `  - name: ${name}\n    type: ${type}\n${Object.entries(source)
          .map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`)
          .join('')}`,
    );
    writeFileSync(join(this.directory, 'collector.yaml'), `sensors:\n${entries.join('')}${settings}`);
  }

  #spawn(args: string[]): ChildProcess {
    // Built as one file it is started as its first line says.
    const built = this.#program.endsWith('.mjs');
    const child = spawn(
      process.execPath,
      [
        ...(built ? start_options : []),
        ...this.node_options,
        this.#program,
        ...args,
        '--dir',
        this.directory,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...(built ? start_environment : {}) } },
    );
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    return child;
  }

  /** Runs a command to its end. */
  async finish(args: string[]): Promise<void> {
    const child = this.#spawn(args);
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0)
      throw new Error(`apiary-collector ${args[0]} ended with ${String(code)}:\n${this.output}`);
  }

  run(): void {
    this.child = this.#spawn(['run']);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
