/**
 * The demonstration: the real server, a real collector over mutual TLS, recordings of real honeypots. Everything
 * lies in data/demo and is made anew at each start.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCollector, start_environment, start_options } from '@apiary/collector/build.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { readConfig, type ServerConfig } from '@apiary/server/config.ts';
import { orders } from '@apiary/server/orders.ts';
import { ApiaryServer } from '@apiary/server/server.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { honeypots } from './honeypots.ts';
import { registerInventory } from './inventory.ts';
import { layOut, logPath, replay, terminalsPath } from './recordings.ts';

const geo = (name: string): string => fileURLToPath(new URL(`./geo/${name}.csv`, import.meta.url));
const replay_ms = 12_000;
const stop_collector_ms_max = 10_000;

const usage = `npm start -- [--data DIR] [--port PORT]

  --data DIR    the demonstration lies in DIR/demo and is made anew at each start (./data)
  --port PORT   of the pages, on this machine only; where it is in use another is taken (8080)
`;

class UsageError extends Error {}

function readArguments(): { directory: string; port: number; help: boolean } {
  let values: { data: string; port: string; help: boolean };
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string', default: 'data' },
        port: { type: 'string', default: '8080' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new UsageError(`--port ${values.port}: a port is a number up to 65535; 0 takes any that is free`);
  return { directory: resolve(values.data, 'demo'), port, help: values.help };
}

/** Whether a demonstration runs on this directory: to make it anew would pull it from under that one's feet. */
function isRunning(directory: string): Promise<boolean> {
  return new Promise((resolvePromise) => {
    const socket = connect(join(directory, 'control.sock'));
    socket.once('connect', () => {
      socket.destroy();
      resolvePromise(true);
    });
    socket.once('error', () => resolvePromise(false));
  });
}

/** The wished port where it is free, else any. */
function freePort(wished: number): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && wished !== 0) resolvePort(freePort(0));
      else reject(error);
    });
    server.listen(wished, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolvePort(port));
    });
  });
}

async function configure(directory: string, web_port: number): Promise<ServerConfig> {
  const config = readConfig(directory);
  const [web, gateway, enrolment] = [await freePort(web_port), await freePort(0), await freePort(0)];
  return {
    ...config,
    web: { ...config.web, listen: `127.0.0.1:${web}` },
    gateway: { ...config.gateway, listen: `127.0.0.1:${gateway}`, address: `127.0.0.1:${gateway}` },
    enrolment: { listen: `127.0.0.1:${enrolment}`, address: `127.0.0.1:${enrolment}` },
    geo: { country: [geo('country')], as: [geo('as')] },
  };
}

function runCollector(program: string, directory: string, args: string[]): ChildProcess {
  return spawn(process.execPath, [...start_options, program, ...args, '--dir', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...start_environment },
  });
}

async function finish(child: ChildProcess, what: string): Promise<void> {
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`${what} ended with ${String(code)}`);
}

function collectorConfig(directory: string): string {
  const sensors = honeypots.map((honeypot) => {
    const key = honeypot.type === 'cowrie' ? 'json' : 'sqlite';
    const terminals =
      honeypot.terminals === undefined
        ? ''
        : `, ttylogs: ${JSON.stringify(join(terminalsPath(directory, honeypot), '*'))}`;
    return `  - name: ${honeypot.sensor}\n    type: ${honeypot.type}\n    paths: { ${key}: ${JSON.stringify(logPath(directory, honeypot))}${terminals} }\n`;
  });
  return `sensors:\n${sensors.join('')}`;
}

/** Enrols a collector with the command that a person would get, and starts it. */
async function startCollector(server: ApiaryServer, directory: string): Promise<ChildProcess> {
  const sensors = honeypots.map(({ sensor, type }) => `${sensor}:${type}`).join(',');
  const { command } = await orders.collectorAdd(
    server,
    { name: 'demonstration', lives_in: 'elsewhere', sensors },
    'demonstration',
  );
  const home = join(directory, 'collector');
  const program = await buildCollector(join(directory, 'apiary-collector.mjs'));
  await finish(runCollector(program, home, command.split(' ').slice(1)), 'the enrolment of the collector');
  writeFileSync(join(home, 'collector.yaml'), collectorConfig(directory));
  return runCollector(program, home, ['run']);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function stopCollector(collector: ChildProcess): Promise<void> {
  // Ctrl-C reaches the whole group: it may be gone already.
  if (hasEnded(collector)) return;
  const ended = new Promise((done) => collector.once('exit', done));
  collector.kill('SIGTERM');
  const killing = setTimeout(() => collector.kill('SIGKILL'), stop_collector_ms_max);
  await ended;
  clearTimeout(killing);
}

/** Ends with the demonstration, however that ends. */
function endTogether(server: ApiaryServer, collector: ChildProcess): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await stopCollector(collector);
    await server.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  process.on('exit', () => collector.kill('SIGKILL'));
  collector.once('exit', (code) => {
    if (!stopping)
      process.stderr.write(
        `The collector ended (${String(code)}); what it had not sent stays in its spool.\n`,
      );
  });
}

async function main(): Promise<void> {
  const { directory, port, help } = readArguments();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  if (await isRunning(directory))
    throw new OperationalError(
      'conflict',
      `a demonstration runs in ${directory} already: end it with Ctrl-C, or start this one elsewhere with npm start -- --data DIR`,
    );
  rmSync(directory, { recursive: true, force: true });
  const log = (message: string): void => void process.stderr.write(`${message}\n`);
  const config = await configure(directory, port);
  if (port !== 0 && !config.web.listen.endsWith(`:${port}`))
    log(`Port ${port} is in use, so the pages get another.`);
  const server = await ApiaryServer.start({ config, submodules, demo: true, log });
  const recordings = layOut(directory);
  const collector = await startCollector(server, directory);
  endTogether(server, collector);
  registerInventory(server);
  const { name, password } = server.first_administrator as { name: string; password: string };
  process.stdout.write(
    `\nApiary's demonstration is at ${server.url}\nLog in as ${name} with the password ${password}\n\nRecordings of ${honeypots.length} honeypots are coming in now, their times moved to end now. Ctrl-C ends it.\n`,
  );
  await replay(recordings, replay_ms);
}

/** What the user or the machine has to mend is told in words; our own mistakes with where they happened. */
function tell(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof OperationalError) return `${error.message}\n`;
  const { syscall, message, stack } = error as NodeJS.ErrnoException;
  return `${syscall === undefined ? stack : message}\n`;
}

try {
  await main();
} catch (error) {
  process.stderr.write(tell(error));
  // The engine would keep the process alive.
  process.exit(error instanceof UsageError ? 2 : 1);
}
