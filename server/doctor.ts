/**
 * `apiary doctor`: what can be wrong with a server, looked at from beside it. What only the running server knows it is
 * asked for; without one the rest is still checked.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { OperationalError } from '@apiary/model/errors.ts';
import { type Finding, fail, judgeCertificate, judgeDisk, ok, warn } from '@apiary/model/finding.ts';
import { readConfig, type ServerConfig, splitAddress } from './config.ts';
import { giveOrder } from './give-order.ts';

const node_least = 24;
const connect_ms_max = 3000;
const own = 'Make it readable by its owner only: chmod';

export async function examine(
  directory: string,
  config_path: string | undefined,
  now_ms: number,
): Promise<Finding[]> {
  const findings = [checkRuntime()];
  let config: ServerConfig;
  try {
    config = readConfig(directory, config_path);
    findings.push(ok('settings', `the settings of ${directory} are right`));
  } catch (error) {
    const { message, remedy } = error as OperationalError;
    return [...findings, fail('settings', message, remedy ?? 'Mend the file.')];
  }
  if (!existsSync(directory))
    return [
      ...findings,
      fail(
        'directory',
        `there is no ${directory}`,
        'Name the data directory with --data, or start the server once.',
      ),
    ];
  const { bavail, blocks, bsize } = statfsSync(directory);
  findings.push(judgeDisk(directory, bavail * bsize, blocks * bsize));
  findings.push(...checkPermissions(directory), ...checkSecrets(config));
  findings.push(...checkAuthority(directory, now_ms), ...checkWebTls(config, now_ms));
  findings.push(await checkPort('pages', config.web.listen));
  findings.push(await checkPort('gateway', config.gateway.listen));
  try {
    const told = (await giveOrder(join(directory, 'control.sock'), 'doctor', {})) as { findings: Finding[] };
    findings.push(...told.findings);
  } catch (error) {
    findings.push(
      fail(
        'server',
        (error as Error).message,
        'Start it, and ask again: schema, clock, collectors and time zones were not looked at.',
      ),
    );
  }
  return findings;
}

function checkRuntime(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= node_least
    ? ok('runtime', `Node ${process.versions.node}`)
    : fail('runtime', `Node ${process.versions.node} is too old`, `Use ${node_least} or later.`);
}

function checkPermissions(directory: string): Finding[] {
  const findings: Finding[] = [];
  const uid = process.getuid?.() ?? 0;
  const look = (path: string): void => {
    const { mode, uid: owner } = statSync(path);
    if ((mode & 0o077) !== 0)
      findings.push(
        fail(
          'permissions',
          `${path} may be used by others (mode ${(mode & 0o777).toString(8)})`,
          `${own} go= ${path}`,
        ),
      );
    if (owner !== uid && uid !== 0)
      findings.push(
        fail(
          'permissions',
          `${path} belongs to user ${owner}, and this is ${uid}`,
          'Run this as the user of the server, or give the file to him.',
        ),
      );
  };
  look(directory);
  const secrets = ['state.sqlite', 'ledger.sqlite', 'control.sock', 'pki'].map((name) =>
    join(directory, name),
  );
  const pki = join(directory, 'pki');
  if (existsSync(pki))
    for (const name of readdirSync(pki, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('key.pem')) secrets.push(join(pki, name));
  for (const path of secrets) if (existsSync(path)) look(path);
  return findings.length > 0 ? findings : [ok('permissions', 'secrets are readable by their owner only')];
}

/** The data directory is nobody else's; a file elsewhere may be everybody's. */
function checkSecrets({ file, directory, web, store }: ServerConfig): Finding[] {
  const urls = [store.clickhouse_url, ...(store.shards ?? [])];
  const has_secret =
    web.metrics_token !== undefined || urls.some((url) => url !== undefined && new URL(url).password !== '');
  if (file === undefined || !has_secret || file.startsWith(`${directory}/`)) return [];
  return (statSync(file).mode & 0o007) === 0
    ? []
    : [
        fail(
          'permissions',
          `${file} holds secrets, and everybody may read it`,
          `Take that away: chmod o= ${file}`,
        ),
      ];
}

function checkAuthority(directory: string, now_ms: number): Finding[] {
  const pki = join(directory, 'pki');
  if (!existsSync(pki))
    return [warn('certificates', `there is no authority in ${pki} yet`, 'Start the server once.')];
  return readdirSync(pki, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('certificate.pem'))
    .sort()
    .map((name) => {
      const remedy = name.startsWith('gateway')
        ? 'A running server renews it by itself: see its log for why it does not.'
        : 'Roll it over: apiary authority roll intermediate (or root).';
      return judgePem(`pki/${name}`, join(pki, name), now_ms, remedy, name.startsWith('gateway') ? 5 : 60);
    });
}

function judgePem(name: string, path: string, now_ms: number, remedy: string, soon_days: number): Finding {
  try {
    const { validFrom, validTo } = new X509Certificate(readFileSync(path));
    return judgeCertificate(
      'certificates',
      name,
      Date.parse(validFrom),
      Date.parse(validTo),
      now_ms,
      remedy,
      soon_days,
    );
  } catch (error) {
    return fail(
      'certificates',
      `${name} cannot be read: ${(error as Error).message}`,
      'Restore it from a backup.',
    );
  }
}

function checkWebTls({ web }: ServerConfig, now_ms: number): Finding[] {
  const { listen, tls_certificate, tls_key, trusted_proxies } = web;
  if (tls_certificate === undefined || tls_key === undefined) {
    const { host } = splitAddress(listen);
    const is_local = host === 'localhost' || host === '::1' || host.startsWith('127.');
    return is_local || trusted_proxies.length > 0
      ? []
      : [
          warn(
            'certificates',
            `the pages listen at ${listen} without TLS`,
            'Set web.tls_certificate and web.tls_key, or listen at 127.0.0.1 behind a reverse proxy.',
          ),
        ];
  }
  const remedy = 'Renew it, and restart the server.';
  const findings = [judgePem('web.tls_certificate', tls_certificate, now_ms, remedy, 14)];
  try {
    const certificate = new X509Certificate(readFileSync(tls_certificate));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(tls_key))))
      findings.push(
        fail('certificates', 'web.tls_key is not the key of web.tls_certificate', 'Name the pair.'),
      );
  } catch (error) {
    findings.push(
      fail('certificates', `web.tls_key cannot be used: ${(error as Error).message}`, 'Name a PEM file.'),
    );
  }
  return findings;
}

function checkPort(name: string, listen: string): Promise<Finding> {
  const { host, port } = splitAddress(listen);
  const at = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return new Promise((resolve) => {
    const socket = connect({ host: at, port });
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    const gone = (why: string): void =>
      end(fail('reachability', `${name} at ${listen}: ${why}`, 'Start the server; see its log.'));
    socket.setTimeout(connect_ms_max, () => gone('no answer'));
    socket.once('error', (error) => gone(error.message));
    socket.once('connect', () => end(ok('reachability', `${name} at ${listen}`)));
  });
}
