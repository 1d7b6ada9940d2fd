/** `apiary-collector doctor`: what can be wrong with a collector, looked at from beside it. */

import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { countOf } from '@apiary/model/count-of.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type Finding, fail, judgeCertificate, judgeDisk, ok, warn } from '@apiary/model/finding.ts';
import type { CollectorConfig } from './config.ts';
import { Identity, parseHostPort } from './identity.ts';
import { describeConnection, MysqlClient } from './readers/mysql-client.ts';
import { readStatus } from './status.ts';

const connect_ms_max = 3000;
const status_stale_ms = 60_000;
const offset_ms_max = 2000;
const node_least = 24;

/** @param readSettings gives the configuration, or throws what is wrong with it */
export async function examine(
  dir: string,
  readSettings: () => CollectorConfig,
  now_ms: number,
): Promise<Finding[]> {
  const findings: Finding[] = [checkRuntime()];
  if (!existsSync(dir))
    return [
      ...findings,
      fail('directory', `there is no ${dir}`, 'Name the state directory with --dir, or enrol first.'),
    ];
  findings.push(...checkPermissions(dir));
  const { bavail, blocks, bsize } = statfsSync(dir);
  findings.push(judgeDisk(dir, bavail * bsize, blocks * bsize));
  try {
    const config = readSettings();
    findings.push(ok('settings', countOf(config.sensors.length, 'sensor')), ...checkSources(config));
    findings.push(...(await checkDatabases(config.sensors)));
  } catch (error) {
    const { message, remedy } = error as OperationalError;
    findings.push(fail('settings', message, remedy ?? 'Mend the file.'));
  }
  const identity = readIdentity(dir);
  if (identity instanceof OperationalError)
    return [...findings, fail('certificates', identity.message, identity.remedy)];
  findings.push(...checkCertificate(dir, now_ms));
  for (const gateway of identity.gateways) findings.push(await checkGateway('gateway', gateway));
  findings.push(...checkStatus(dir, now_ms));
  return findings;
}

function checkRuntime(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= node_least
    ? ok('runtime', `Node ${process.versions.node}`)
    : fail('runtime', `Node ${process.versions.node} is too old`, `Use ${node_least} or later.`);
}

function checkPermissions(dir: string): Finding[] {
  const open = [dir, join(dir, 'key.pem')].filter(
    (path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0,
  );
  return open.length === 0
    ? [ok('permissions', 'key and spool are readable by their owner only')]
    : open.map((path) =>
        fail('permissions', `${path} may be used by others`, `Make it its owner's only: chmod go= ${path}`),
      );
}

/** Files that are named without a pattern; what a pattern finds is told by the status. */
function checkSources({ sensors }: CollectorConfig): Finding[] {
  return sensors.flatMap(({ name, paths }) =>
    Object.values(paths)
      .flat()
      .filter((path) => !/[*?[]/.test(path))
      .flatMap((path): Finding[] => {
        if (!existsSync(path))
          return [
            warn('sources', `${name}: there is nothing at ${path}`, 'Compare with where the sensor writes.'),
          ];
        try {
          accessSync(path, constants.R_OK);
          return [ok('sources', `${name}: ${path}`)];
        } catch {
          return [
            fail('sources', `${name}: ${path} may not be read`, 'Put this user into the group of the file.'),
          ];
        }
      }),
  );
}

/** Databases that are read over a connection. */
export async function checkDatabases(
  sensors: readonly Pick<CollectorConfig['sensors'][number], 'name' | 'mysql'>[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, mysql } of sensors) {
    if (mysql?.connection === undefined) continue;
    const place = `${name}: the database at ${describeConnection(mysql.connection)}`;
    try {
      (await MysqlClient.connect(mysql.connection)).close();
      findings.push(ok('sources', `${place} answers, and may only be read`));
    } catch (error) {
      findings.push(
        fail(
          'sources',
          `${place}: ${(error as Error).message}`,
          'Compare mysql.connection with the server, and its user with docs/guide/mysql.md.',
        ),
      );
    }
  }
  return findings;
}

function readIdentity(dir: string): Identity | OperationalError {
  try {
    const identity = new Identity(dir);
    identity.close();
    return identity;
  } catch (error) {
    if (error instanceof OperationalError) return error;
    throw error;
  }
}

function checkCertificate(dir: string, now_ms: number): Finding[] {
  const { validFrom, validTo } = new X509Certificate(readFileSync(join(dir, 'cert.pem')));
  const remedy = 'It renews by itself while the server can be reached; else: apiary collector replace NAME.';
  return [
    judgeCertificate(
      'certificates',
      'the certificate of this collector',
      Date.parse(validFrom),
      Date.parse(validTo),
      now_ms,
      remedy,
    ),
  ];
}

function checkGateway(name: string, address: string): Promise<Finding> {
  const { host, port } = parseHostPort(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    const gone = (why: string): void =>
      end(
        fail(
          'reachability',
          `${name} at ${address}: ${why}`,
          'Check address, port and firewall between this host and the server.',
        ),
      );
    socket.setTimeout(connect_ms_max, () => gone('no answer'));
    socket.once('error', (error) => gone(error.message));
    socket.once('connect', () => end(ok('reachability', `${name} at ${address}`)));
  });
}

/** What a running collector says of itself. */
function checkStatus(dir: string, now_ms: number): Finding[] {
  const status = readStatus(dir);
  const start = 'Start it: apiary-collector run.';
  if (status === undefined) return [warn('collector', 'it has never run', start)];
  if (status.stopped === true || now_ms - status.written_ms > status_stale_ms)
    return [warn('collector', `it has not run since ${new Date(status.written_ms).toISOString()}`, start)];
  const { offset_ms, uplink_trouble, heartbeat_trouble, sensors } = status;
  const off = Math.abs(offset_ms ?? 0) > offset_ms_max;
  const troubles = [...new Set([uplink_trouble, heartbeat_trouble])].filter((one) => one !== '');
  return [
    off
      ? warn('clock', `the clock is off by ${offset_ms} ms against the server`, 'Let NTP keep it.')
      : ok('clock', 'it agrees with the server'),
    ...troubles.map((told) => fail('uplink', told, 'See: apiary-collector status.')),
    ...sensors
      .filter(({ condition }) => condition !== 'live' && condition !== 'quiet')
      .map(({ sensor, condition, detail }) =>
        warn('sources', `${sensor} is ${condition}: ${detail}`, 'See: apiary-collector status.'),
      ),
    ok('collector', 'it runs'),
  ];
}
