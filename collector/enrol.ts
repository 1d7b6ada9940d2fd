/**
 * Enrols this host with a one-time token. The server is known by the fingerprint of its authority, which the
 * command carries: the token leaves this host only after the chain was verified up to it.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { OperationalError } from '@apiary/model/errors.ts';
import { type EnrolAnswer, type EnrolRequest, paths } from '@apiary/model/protocol.ts';
import { pathKey, repeatedBy, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import { exchange, readRefusal, tellNetworkError } from './exchange.ts';
import { type Enrolment, type HostPort, parseHostPort, refuseGateway, splitPem } from './identity.ts';
import { checkCertificate, makeKey } from './renew.ts';
import { writeDurably } from './write-durably.ts';

export interface EnrolOptions {
  server: string;
  token: string;
  /** `sha256:` and 64 hexadecimal digits: of the root certificate, DER. */
  authority: string;
  dir: string;
  /** Where an example configuration is written, unless there is one; of a gateway there is none. */
  config_path?: string;
  streams: readonly SubmoduleStreams[];
}

const timeout_ms = 20_000;

/**
 * @throws OperationalError `input_invalid` for a wrong argument, `server_unproven` where the server is
 * not the one that the fingerprint names, `token_invalid`, `conflict` where this host is enrolled,
 * `enrolment_closed` where nothing listens, `unreachable`.
 */
export async function enrol(options: EnrolOptions): Promise<EnrolAnswer> {
  const address = parseHostPort(options.server);
  const pinned = parseFingerprint(options.authority);
  const enrolment_path = join(options.dir, 'enrolment.json');
  if (existsSync(enrolment_path)) {
    const message = `this host is enrolled already: ${enrolment_path}. Remove that file first to enrol it anew`;
    throw new OperationalError('conflict', message);
  }
  const root = await verifyServer(address, pinned);
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const { key, csr } = makeKey();
  const agent = new Agent({
    ca: root.toString(),
    minVersion: 'TLSv1.3',
    servername: '',
    ALPNProtocols: [],
    maxCachedSessions: 0,
    // The chain ends in the pinned root, whose every certificate for servers only is this server's.
    checkServerIdentity: (_host, certificate) => refuseGateway(certificate),
  });
  const request: EnrolRequest = { token: options.token, csr };
  const body = Buffer.from(JSON.stringify(request));
  const answer = await exchange({ ...address, agent, path: paths.enrol, body, timeout_ms });
  agent.destroy();
  if (answer.status < 200 || answer.status >= 300) {
    const { code, message } = readRefusal(answer);
    throw new OperationalError(code, message);
  }
  const told = answer.value as EnrolAnswer;
  checkCertificate(told.certificate, key);
  const roots = splitPem(told.authority).map((pem) => new X509Certificate(pem));
  if (!roots.some((one) => fingerprint(one) === pinned)) {
    throw new OperationalError('server_unproven', 'the server names another authority than the pinned one');
  }
  store(options, told, key);
  return told;
}

function store(options: EnrolOptions, told: EnrolAnswer, key: string): void {
  const { collector, gateway, enrolment, gateway_name } = told;
  writeDurably(join(options.dir, 'key.pem'), key);
  writeDurably(join(options.dir, 'cert.pem'), told.certificate);
  writeDurably(join(options.dir, 'authority.pem'), told.authority);
  const kept: Enrolment = { collector, gateway, enrolment, gateway_name };
  // Last: where this file is, all is.
  writeDurably(join(options.dir, 'enrolment.json'), `${JSON.stringify(kept, null, 2)}\n`);
  const { config_path } = options;
  if (config_path !== undefined && !existsSync(config_path)) {
    writeFileSync(config_path, writeExample(told.sensors, options.streams), { mode: 0o600 });
  }
}

export function parseFingerprint(text: string): string {
  const found = /^sha256:((?:[0-9a-f]{2}:?){32})$/i.exec(text);
  if (found === null) {
    const message = `${JSON.stringify(text)} is no fingerprint: sha256: and 64 hexadecimal digits`;
    throw new OperationalError('input_invalid', message);
  }
  return found[1]!.replaceAll(':', '').toLowerCase();
}

const fingerprint = (certificate: X509Certificate): string =>
  createHash('sha256').update(certificate.raw).digest('hex');

/** Shakes hands without sending anything, and gives the root if the server's chain leads up to the pinned one. */
async function verifyServer({ host, port }: HostPort, pinned: string): Promise<X509Certificate> {
  const socket = await shakeHands({ host, port });
  try {
    const chain = peerChain(socket);
    const root = chain.at(-1);
    if (root === undefined || fingerprint(root) !== pinned) {
      const found = root === undefined ? 'no certificate' : `sha256:${fingerprint(root)}`;
      throw new OperationalError(
        'server_unproven',
        `the server at ${host}:${port} is not the one that the command names: its authority is ${found}. Nothing was sent to it`,
      );
    }
    chain.forEach((certificate, index) => {
      const issuer = chain[index + 1] ?? root;
      const now = new Date();
      const is_timely = new Date(certificate.validFrom) <= now && now <= new Date(certificate.validTo);
      const is_issued = certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
      if (!is_issued || !is_timely || !issuer.ca) {
        const why = is_timely
          ? 'does not verify up to the authority'
          : 'is not valid at this time; check the clock';
        throw new OperationalError('server_unproven', `the certificate ${index + 1} of the server ${why}`);
      }
    });
    return root;
  } finally {
    socket.destroy();
  }
}

function shakeHands({ host, port }: HostPort): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const options = { host, port, servername: '', rejectUnauthorized: false, minVersion: 'TLSv1.3' as const };
    const socket = connect(options, () => resolve(socket));
    socket.setTimeout(timeout_ms, () => socket.destroy(new Error(`no answer in ${timeout_ms} ms`)));
    socket.on('error', (error) => {
      const is_closed = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
      const message = `${host}:${port}: ${tellNetworkError(error)}`;
      reject(new OperationalError(is_closed ? 'enrolment_closed' : 'unreachable', message, {}, error));
    });
  });
}

function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < 8) {
    chain.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** An example configuration with the sensors that the server told, at their usual paths. */
export function writeExample(
  sensors: readonly { name: string; type: string }[],
  streams: readonly SubmoduleStreams[],
): string {
  const lines = ['# What this collector follows. Check it with: apiary-collector check', 'sensors:'];
  for (const { name, type } of sensors) {
    lines.push(`  - name: ${JSON.stringify(name)}`, `    type: ${JSON.stringify(type)}`);
    const sources = streams.find((one) => one.name === type)?.sources ?? [];
    if (sources.some(({ kind }) => kind === 'host')) {
      lines.push('    container: NAME   # see apiary-collector discover, and docs/guide/lxc.md');
      continue;
    }
    lines.push(
      '    # time_zone: Europe/Bratislava   # only where the source writes local time',
      '    paths:',
    );
    if (sources.length === 0)
      lines.push('      # This version does not know the type: update the collector.');
    for (const source of sources) {
      const key = pathKey(source);
      // A stream that is not there makes a sensor missing: of those that tell the same one is followed.
      const repeats = repeatedBy(source).filter((one) => sources.some((other) => pathKey(other) === one));
      const [path = '/path/to/its/log', ...others] = source.usual_paths;
      if (repeats.length === 0) lines.push(`      ${key}: ${JSON.stringify(path)}`);
      else lines.push(`      # ${key}: ${JSON.stringify(path)}   # instead of ${repeats.join(', ')}`);
      for (const other of others) lines.push(`      # ${key}: ${JSON.stringify(other)}`);
    }
  }
  if (sensors.length === 0) lines[1] = 'sensors: []   # add one on the server: apiary sensor add NAME TYPE';
  return `${lines.join('\n')}\n`;
}
