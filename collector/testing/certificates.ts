/** Certificates for tests, made with the openssl command: root, intermediate, server, client. */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const gateway_name = 'g.test.invalid';

export class TestAuthority {
  readonly folder: string;
  readonly root: string;
  readonly intermediate: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.#key('root');
    this.#openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      'root.key',
      '-subj',
      '/CN=root',
      '-days',
      '30',
      '-out',
      'root.pem',
    );
    this.root = this.#read('root.pem');
    this.#key('middle');
    this.#request('middle');
    writeFileSync(
      join(folder, 'middle.ext'),
      'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n',
    );
    this.#sign('middle', 'root', 30);
    this.intermediate = this.#read('middle.pem');
  }

  get fingerprint(): string {
    return `sha256:${createHash('sha256').update(new X509Certificate(this.root).raw).digest('hex')}`;
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  #read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  #key(name: string): void {
    this.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  }

  #request(name: string): void {
    this.#openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
  }

  #sign(name: string, by: string, days: number): void {
    const issuer = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial'];
    const times = ['-days', String(days), '-extfile', `${name}.ext`];
    this.#openssl('x509', '-req', '-in', `${name}.csr`, ...issuer, ...times, '-out', `${name}.pem`);
  }

  /** A certificate with its chain, and the key. */
  issue(name: string, alternative: string): { key: string; chain: string } {
    this.#key(name);
    this.#request(name);
    writeFileSync(join(this.folder, `${name}.ext`), `subjectAltName=DNS:${alternative}\n`);
    this.#sign(name, 'middle', 10);
    return { key: this.#read(`${name}.key`), chain: this.#read(`${name}.pem`) + this.intermediate };
  }

  /** Signs a request as the server would. */
  certify(csr: string): string {
    writeFileSync(join(this.folder, 'asked.csr'), csr);
    this.#openssl('req', '-in', 'asked.csr', '-noout', '-verify');
    writeFileSync(join(this.folder, 'asked.ext'), 'subjectAltName=DNS:c1\n');
    this.#sign('asked', 'middle', 10);
    return this.#read('asked.pem') + this.intermediate;
  }
}
