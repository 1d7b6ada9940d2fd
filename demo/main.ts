/**
 * The demonstration: the real server, a real collector over mutual TLS, recordings of real honeypots. Everything
 * lies in data/demo and is made anew at each start.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig, type ServerConfig } from '@apiary/server/config.ts';
import { orders } from '@apiary/server/orders.ts';
import { ApiaryServer } from '@apiary/server/server.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { honeypots } from './honeypots.ts';
import { registerInventory } from './inventory.ts';
import { logPath, replay } from './recordings.ts';

const collector_main = fileURLToPath(new URL('../collector/main.ts', import.meta.url));
const geo = (name: string): string => fileURLToPath(new URL(`./geo/${name}.csv`, import.meta.url));
const replay_ms = 12_000;

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

function runCollector(directory: string, args: string[]): ChildProcess {
  return spawn(process.execPath, [collector_main, ...args, '--dir', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function finish(child: ChildProcess, what: string): Promise<void> {
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`${what} ended with ${String(code)}`);
}

function collectorConfig(directory: string): string {
  const sensors = honeypots.map((honeypot) => {
    const key = honeypot.type === 'cowrie' ? 'json' : 'sqlite';
    return `  - name: ${honeypot.sensor}\n    type: ${honeypot.type}\n    paths: { ${key}: ${JSON.stringify(logPath(directory, honeypot))} }\n`;
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
  await finish(runCollector(home, command.split(' ').slice(1)), 'the enrolment of the collector');
  writeFileSync(join(home, 'collector.yaml'), collectorConfig(directory));
  return runCollector(home, ['run']);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string', default: 'data' }, port: { type: 'string', default: '8080' } },
  });
  const directory = resolve(values.data, 'demo');
  rmSync(directory, { recursive: true, force: true });
  const log = (message: string): void => void process.stderr.write(`${message}\n`);
  const server = await ApiaryServer.start({
    config: await configure(directory, Number(values.port)),
    submodules,
    demo: true,
    log,
  });
  const collector = await startCollector(server, directory);
  registerInventory(server);
  const { name, password } = server.first_administrator as { name: string; password: string };
  process.stdout.write(
    `\nApiary's demonstration is at ${server.url}\nLog in as ${name} with the password ${password}\n\nRecordings of ${honeypots.length} honeypots are coming in now, their times moved to end now. Ctrl-C ends it.\n`,
  );
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    collector.once('exit', () => void server.stop().then(() => process.exit(0)));
    collector.kill('SIGTERM');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  collector.once('exit', (code) => {
    if (!stopping)
      process.stderr.write(
        `The collector ended (${String(code)}); what it had not sent stays in its spool.\n`,
      );
  });
  await replay(directory, replay_ms);
}

await main();
