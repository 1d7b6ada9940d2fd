/** The command line of the collector. */

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { countOf } from '@apiary/model/count-of.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { writeFindings } from '@apiary/model/finding.ts';
import { streams } from '@apiary/submodules/streams.ts';
import { startCollector } from './collector.ts';
import { type CollectorConfig, parseConfig } from './config.ts';
import { discover, sensorName, writeDiscovered } from './discover.ts';
import { examine } from './doctor.ts';
import { enrol } from './enrol.ts';
import { Containers } from './host/containers.ts';
import { Identity } from './identity.ts';
import { serveImport } from './import/serve.ts';
import { leaveOutOptimiser, limitMemory } from './memory.ts';
import { readsMysql } from './sensor-readers.ts';
import { printable, readStatus, showStatus } from './status.ts';
import { writeStunnel } from './stunnel.ts';
import { version } from './version.ts';

const usage = `apiary-collector ${version}

  apiary-collector enrol --server HOST:PORT --token TOKEN --authority sha256:HEX
                            make a key, get a certificate, write an example configuration
  apiary-collector discover [--data DIR] [--lxc-path DIR] [--force]
                            look for sources and containers on this host, and write the configuration of them
  apiary-collector stunnel  write the configuration of a local stunnel that carries the uplink
  apiary-collector check    read the configuration and name its mistakes
  apiary-collector run      follow the sources and send what they record
  apiary-collector status   tell what is followed, what waits and what went wrong
  apiary-collector doctor [--json]
                            what is wrong with this collector, and what to do; ends with 1 or 2 then
  apiary-collector help | --version

  --dir DIR       state directory (default $APIARY_COLLECTOR_DIR or /var/lib/apiary-collector)
  --config FILE   configuration (default collector.yaml in the state directory)
`;

const options = {
  dir: { type: 'string' },
  config: { type: 'string' },
  server: { type: 'string' },
  token: { type: 'string' },
  authority: { type: 'string' },
  data: { type: 'string' },
  'lxc-path': { type: 'string' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

const stop_ms_max = 1900;

class UsageError extends Error {}

interface Arguments {
  dir?: string;
  config?: string;
  server?: string;
  token?: string;
  authority?: string;
  data?: string;
  'lxc-path'?: string;
  force?: boolean;
}

function readConfig(path: string): CollectorConfig {
  if (!existsSync(path)) {
    throw new OperationalError(
      'config_invalid',
      `there is no ${path}: it is written by the command that "apiary collector add" prints on the server. Or name another with --config`,
    );
  }
  const { config, mistakes } = parseConfig(readFileSync(path, 'utf8'), streams);
  if (mistakes.length === 0) return config;
  const told = mistakes.map(
    ({ line, column, message, remedy }) => `${path}:${line}:${column}: ${message}. ${remedy}`,
  );
  throw new OperationalError('config_invalid', told.join('\n'));
}

async function run(dir: string, config_path: string): Promise<number> {
  const config = readConfig(config_path);
  if (!config.sensors.some((sensor) => readsMysql(sensor, streams))) leaveOutOptimiser();
  const running = await startCollector({ dir, config, streams, version });
  console.log(
    `following ${countOf(config.sensors.length, 'sensor')}; see: apiary-collector status --dir ${dir}`,
  );
  return new Promise((resolve) => {
    let is_stopping = false;
    const stop = (): void => {
      if (is_stopping) return;
      is_stopping = true;
      // A disk or mount that hangs must not hold the host's shutdown up: what is durable is safe either way.
      setTimeout(() => {
        console.error('not all could be closed in time; nothing that was read durably is lost');
        resolve(1);
      }, stop_ms_max).unref();
      void running.stop().then(() => resolve(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

async function enrolHere(dir: string, config_path: string, values: Arguments): Promise<number> {
  const { server, token, authority } = values;
  if (server === undefined || token === undefined || authority === undefined) {
    throw new UsageError(
      'enrol needs --server, --token and --authority: copy the command that the server shows',
    );
  }
  const told = await enrol({ dir, config_path, server, token, authority, streams });
  console.log(`Enrolled as ${printable(told.collector)}; the server is ${printable(told.gateway)}.`);
  console.log(`Now check ${config_path}, then start: apiary-collector run --dir ${dir}`);
  console.log('One that runs already takes the new certificate by itself, within seconds.');
  return 0;
}

function discoverHere(config_path: string, values: Arguments): number {
  const { data = '/data', 'lxc-path': lxc_path = '/var/lib/lxc', force = false } = values;
  const found = discover({ streams, containers: new Containers().list([lxc_path]), data });
  for (const { type, key, path } of found.sources) console.log(`${type}\t${key}\t${printable(path)}`);
  for (const { container, sources } of found.containers) {
    console.log(`${container.kind}\t${printable(container.name)}\t${container.pid ?? 'does not run'}`);
    for (const { type, key, path } of sources) console.log(`  ${type}\t${key}\t${printable(path)}`);
  }
  const names = new Set(found.sources.map((source) => `${sensorName(source)}:${source.type}`));
  if (names.size > 0)
    console.log(
      `Their sensors, for apiary collector add NAME --lives-in …: --sensor ${[...names].join(' --sensor ')}`,
    );
  const text = writeDiscovered(found);
  if (text === undefined) {
    console.log('Nothing was found.');
    return 1;
  }
  if (existsSync(config_path) && !force) {
    console.log(`${config_path} is there and stays as it is; --force writes over it.`);
    return 1;
  }
  mkdirSync(dirname(config_path), { recursive: true, mode: 0o700 });
  writeFileSync(config_path, text, { mode: 0o600 });
  console.log(`Wrote ${config_path}. Name its sensors as on the server, then: apiary-collector check`);
  return 0;
}

function configureStunnel(dir: string, config_path: string): number {
  const { tunnel } = readConfig(config_path);
  if (tunnel === undefined) {
    const message = `${config_path} has no stunnel: add "uplink: { stunnel: ${join(dir, 'stunnel', 'uplink.sock')} }"`;
    throw new OperationalError('config_invalid', message);
  }
  const identity = new Identity(dir);
  console.log(`Start it as the user of the collector: stunnel4 ${writeStunnel(identity, tunnel)}`);
  identity.close();
  return 0;
}

function tellStatus(dir: string): number {
  const status = readStatus(dir);
  if (status === undefined) {
    const why = existsSync(join(dir, 'status.json'))
      ? `Not known: ${join(dir, 'status.json')} is torn, or of another version`
      : `Never run: there is no status in ${dir}`;
    console.log(`${why}. Start it with: apiary-collector run --dir ${dir}`);
    return 1;
  }
  const { lines, is_well } = showStatus(status, Date.now());
  console.log(lines.join('\n'));
  return is_well ? 0 : 1;
}

/** What a person should know of the sensors' paths: they may be wrong, or there may be nothing yet. */
function tellPaths(config: CollectorConfig): string[] {
  return config.sensors.flatMap(({ name, paths }) =>
    Object.values(paths)
      .flat()
      .filter((path) => !/[*?[]/.test(path))
      .flatMap((path) => {
        if (!existsSync(path)) return [`  ${name}: there is nothing at ${path} yet, or it may not be read`];
        return statSync(path).isDirectory() ? [`  ${name}: ${path} is a directory; name the file in it`] : [];
      }),
  );
}

async function main(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [command, ...others] = positionals;
  if (values.version) {
    console.log(version);
    return 0;
  }
  if (values.help || command === 'help') {
    console.log(usage);
    return 0;
  }
  if (others.length > 0) throw new UsageError(`too many arguments: ${others.join(' ')}`);
  const dir = values.dir ?? process.env.APIARY_COLLECTOR_DIR ?? '/var/lib/apiary-collector';
  const config_path = values.config ?? join(dir, 'collector.yaml');
  if (command === 'run') return run(dir, config_path);
  if (command === 'import') {
    if (process.send === undefined)
      throw new UsageError('files are imported on the server, which starts this: apiary import --help');
    await serveImport(streams);
    return 0;
  }
  if (command === 'enrol') return enrolHere(dir, config_path, values);
  if (command === 'status') return tellStatus(dir);
  if (command === 'doctor') {
    const findings = await examine(dir, () => readConfig(config_path), Date.now());
    const { text, exit_code } = writeFindings(findings);
    console.log(
      values.json === true
        ? JSON.stringify({ findings })
        : printable(text.trimEnd()).replaceAll('\\u000a', '\n'),
    );
    return exit_code;
  }
  if (command === 'discover') return discoverHere(config_path, values);
  if (command === 'stunnel') return configureStunnel(dir, config_path);
  if (command === 'check') {
    const config = readConfig(config_path);
    console.log(`${config_path} is right: ${countOf(config.sensors.length, 'sensor')}.`);
    for (const line of tellPaths(config)) console.log(line);
    if (!existsSync(join(dir, 'enrolment.json')))
      console.log(
        `${dir} is not enrolled: use the command that "apiary collector add" prints on the server.`,
      );
    return 0;
  }
  throw new UsageError(command === undefined ? 'no command' : `unknown command ${JSON.stringify(command)}`);
}

limitMemory();
try {
  process.exitCode = await main(process.argv.slice(2));
  process.exit();
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
  if (error instanceof OperationalError) {
    console.error(printable(error.message).replaceAll('\\u000a', '\n'));
    console.error(error.remedy);
    process.exit(1);
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    console.error(
      `${printable(path ?? 'a file')} may not be used by this user (${code}): run it as root, or as the user whose it is`,
    );
    process.exit(1);
  }
  throw error;
}
