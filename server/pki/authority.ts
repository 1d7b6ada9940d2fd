/**
 * Our own authority. A root signs intermediates and may then be taken offline (move `root-N/key.pem` away); an
 * intermediate signs the gateway's certificate and those of collectors.
 *
 *     pki/authority.json         which intermediate issues and which one the gateway shows
 *     pki/root-N/                certificate.pem, key.pem
 *     pki/intermediate-N/        the same, and root.txt: the number of its root
 *     pki/gateway/               certificate.pem (chain up to the root), key.pem
 *     pki/evidence/              the same, for signatures over documents
 *
 * Rolling over: a new intermediate (and root) issues from then on. Collectors learn a new root when they renew;
 * the gateway shows the new chain once all of them have.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import {
  exportKey,
  importKey,
  type KeyAndCertificate,
  type LeafRequest,
  makeAuthority,
  makeLeaf,
  makeLeafWithKey,
  neutralName,
  readCertificate,
  readRequest,
  type Signer,
} from './certificates.ts';
import { type Signature, signBytes } from './signature.ts';

export const collector_certificate_days = 90;
export const collector_renew_after_days = 60;
/** A certificate that ran out no longer ago than this may still renew. */
export const late_renewal_days = 365;
const gateway_certificate_days = 90;
const gateway_renew_before_days = 30;
const evidence_certificate_days = 730;
/** A signature is read years later: its certificate ran then long enough when it was made. */
const evidence_renew_before_days = 365;
const root_years = 20;
const intermediate_years = 5;
const day_ms = 86_400_000;

interface AuthorityState {
  /** The name in the gateway's certificate. */
  gateway_name: string;
  issuing: number;
  serving: number;
  /** Milliseconds since 1970 of the last roll-over; certificates issued before want renewal. */
  rolled_ms: number;
  /** Milliseconds since 1970 when the chain that is shown changed; absent before the first time. */
  served_ms?: number;
}

export interface IssuedCertificate {
  /** Leaf and intermediate. */
  pem: string;
  serial: string;
  ends_ms: number;
}

export interface TlsMaterial {
  key: string;
  cert: string;
  ca: string[];
}

function readState(path: string): AuthorityState {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as AuthorityState;
  } catch (error) {
    throw new OperationalError(
      'data_damaged',
      `${path} cannot be read: ${(error as Error).message}`,
      {},
      error,
    );
  }
}

export class Authority {
  readonly #directory: string;
  #state: AuthorityState;
  /** Called when the gateway has another certificate to show. */
  changed: () => void = () => undefined;

  private constructor(directory: string, state: AuthorityState) {
    this.#directory = directory;
    this.#state = state;
  }

  /** Opens the authority of a folder; makes one where there is none. */
  static async open(directory: string): Promise<Authority> {
    const path = join(directory, 'authority.json');
    if (existsSync(path)) {
      const authority = new Authority(directory, readState(path));
      await authority.renewGateway();
      return authority;
    }
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const state = { gateway_name: neutralName(), issuing: 1, serving: 1, rolled_ms: 0 };
    const authority = new Authority(directory, state);
    await authority.#makeRoot(1);
    await authority.#makeIntermediate(1, 1);
    await authority.#makeGateway();
    authority.#save(state);
    return authority;
  }

  get gateway_name(): string {
    return this.#state.gateway_name;
  }

  get rolled_ms(): number {
    return this.#state.rolled_ms;
  }

  get served_ms(): number {
    return this.#state.served_ms ?? 0;
  }

  #read(folder: string, file: string): string {
    return readFileSync(join(this.#directory, folder, file), 'utf8');
  }

  #write(folder: string, file: string, text: string): void {
    mkdirSync(join(this.#directory, folder), { recursive: true, mode: 0o700 });
    const path = join(this.#directory, folder, file);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  #save(state: AuthorityState): void {
    this.#state = state;
    this.#write('.', 'authority.json', JSON.stringify(state, null, 2));
  }

  #numbers(kind: 'root' | 'intermediate'): number[] {
    return readdirSync(this.#directory)
      .filter((name) => name.startsWith(`${kind}-`))
      .map((name) => Number(name.slice(kind.length + 1)))
      .sort((a, b) => a - b);
  }

  async #signer(folder: string): Promise<Signer> {
    if (!existsSync(join(this.#directory, folder, 'key.pem'))) {
      throw new OperationalError(
        'authority_offline',
        `the key of ${folder} is offline; put key.pem back into pki/${folder}`,
      );
    }
    return {
      certificate: readCertificate(this.#read(folder, 'certificate.pem')),
      key: await importKey(this.#read(folder, 'key.pem')),
    };
  }

  async #keep(folder: string, made: KeyAndCertificate): Promise<void> {
    this.#write(folder, 'key.pem', await exportKey(made.keys.privateKey));
    this.#write(folder, 'certificate.pem', made.certificate.toString('pem'));
  }

  async #makeRoot(number: number): Promise<void> {
    await this.#keep(`root-${number}`, await makeAuthority(root_years));
  }

  async #makeIntermediate(number: number, root: number): Promise<void> {
    await this.#keep(
      `intermediate-${number}`,
      await makeAuthority(intermediate_years, await this.#signer(`root-${root}`)),
    );
    this.#write(`intermediate-${number}`, 'root.txt', String(root));
  }

  #rootOf(intermediate: number): number {
    return Number(this.#read(`intermediate-${intermediate}`, 'root.txt'));
  }

  /** A leaf with its key and its chain up to the root. */
  async #makeChain(folder: string, request: Omit<LeafRequest, 'publicKey'>): Promise<void> {
    const { serving } = this.#state;
    const { certificate, keys } = await makeLeafWithKey(
      request,
      await this.#signer(`intermediate-${serving}`),
    );
    const chain = [
      certificate.toString('pem'),
      this.#read(`intermediate-${serving}`, 'certificate.pem'),
      this.#read(`root-${this.#rootOf(serving)}`, 'certificate.pem'),
    ];
    this.#write(folder, 'key.pem', await exportKey(keys.privateKey));
    this.#write(folder, 'certificate.pem', chain.map((pem) => pem.trim()).join('\n'));
  }

  #makeGateway(): Promise<void> {
    const { gateway_name } = this.#state;
    return this.#makeChain('gateway', {
      common_name: gateway_name,
      usage: 'server',
      dns: gateway_name,
      days: gateway_certificate_days,
    });
  }

  /** Signs a document as this installation. */
  async sign(bytes: Buffer, now_ms = Date.now()): Promise<Signature> {
    const path = join(this.#directory, 'evidence', 'certificate.pem');
    const ends_ms = existsSync(path)
      ? new X509Certificate(this.#read('evidence', 'certificate.pem')).validToDate.getTime()
      : 0;
    if (ends_ms - now_ms < evidence_renew_before_days * day_ms)
      await this.#makeChain('evidence', {
        common_name: neutralName(),
        usage: null,
        days: evidence_certificate_days,
      });
    return signBytes(bytes, this.#read('evidence', 'key.pem'), this.#read('evidence', 'certificate.pem'));
  }

  /** Fingerprints of all roots that this installation ever had. */
  fingerprints(): string[] {
    return this.#numbers('root').map((number) =>
      new X509Certificate(this.#read(`root-${number}`, 'certificate.pem')).fingerprint256
        .replaceAll(':', '')
        .toLowerCase(),
    );
  }

  /** Makes the gateway's certificate anew when it nears its end; true if it did. */
  async renewGateway(now_ms = Date.now()): Promise<boolean> {
    const ends_ms = new X509Certificate(this.#read('gateway', 'certificate.pem')).validToDate.getTime();
    if (ends_ms - now_ms > gateway_renew_before_days * day_ms) return false;
    await this.#makeGateway();
    this.changed();
    return true;
  }

  /** What a TLS server needs to show itself and to judge collectors. */
  tlsMaterial(): TlsMaterial {
    const roots = this.#numbers('root').map((number) => `root-${number}`);
    return {
      key: this.#read('gateway', 'key.pem'),
      cert: this.#read('gateway', 'certificate.pem'),
      ca: roots.map((folder) => this.#read(folder, 'certificate.pem')),
    };
  }

  /** All roots, PEM: what a collector shall trust. */
  trusted(): string {
    return this.tlsMaterial()
      .ca.map((pem) => pem.trim())
      .join('\n');
  }

  /** SHA-256 of the root that the gateway shows, hexadecimal: what an enrolment pins. */
  fingerprint(): string {
    const root = new X509Certificate(
      this.#read(`root-${this.#rootOf(this.#state.serving)}`, 'certificate.pem'),
    );
    return root.fingerprint256.replaceAll(':', '').toLowerCase();
  }

  /** A collector's certificate over the key of its request; its name is the collector's number. */
  issue(csr: string, collector_id: number, days = collector_certificate_days): Promise<IssuedCertificate> {
    const { issuing } = this.#state;
    return this.#certify(csr, issuing, { common_name: String(collector_id), usage: 'client', days });
  }

  /**
   * A certificate for a gateway of its own: for the name that collectors check, under the chain that they all trust,
   * with the root, as the server's own.
   */
  async issueGateway(csr: string): Promise<IssuedCertificate> {
    const { serving, gateway_name } = this.#state;
    const issued = await this.#certify(csr, serving, {
      common_name: gateway_name,
      usage: 'gateway',
      dns: gateway_name,
      days: gateway_certificate_days,
    });
    const root = this.#read(`root-${this.#rootOf(serving)}`, 'certificate.pem');
    return { ...issued, pem: `${issued.pem}${root.trim()}\n` };
  }

  async #certify(
    csr: string,
    intermediate: number,
    leaf: Omit<LeafRequest, 'publicKey'>,
  ): Promise<IssuedCertificate> {
    const folder = `intermediate-${intermediate}`;
    const request = { ...leaf, publicKey: await readRequest(csr) };
    const certificate = await makeLeaf(request, await this.#signer(folder));
    return {
      pem: `${certificate.toString('pem').trim()}\n${this.#read(folder, 'certificate.pem').trim()}\n`,
      serial: certificate.serialNumber.toLowerCase().replace(/^0+/, ''),
      ends_ms: certificate.notAfter.getTime(),
    };
  }

  /** True for a certificate that one of our intermediates signed, whether or not it has run out. */
  signed(leaf: X509Certificate): boolean {
    return this.#numbers('intermediate').some((number) => {
      const issuer = new X509Certificate(this.#read(`intermediate-${number}`, 'certificate.pem'));
      return leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey);
    });
  }

  /** A new intermediate, under a new root if wanted; collectors renew under it and need no new enrolment. */
  async roll(what: 'intermediate' | 'root'): Promise<void> {
    const next = Math.max(...this.#numbers('intermediate')) + 1;
    let root = this.#rootOf(this.#state.issuing);
    if (what === 'root') {
      root = Math.max(...this.#numbers('root')) + 1;
      await this.#makeRoot(root);
    }
    await this.#makeIntermediate(next, root);
    this.#save({ ...this.#state, issuing: next, rolled_ms: Date.now() });
    if (what === 'intermediate' && this.#rootOf(this.#state.serving) === root) await this.finishRoll();
  }

  get rolling(): boolean {
    return this.#state.serving !== this.#state.issuing;
  }

  /** Shows the new chain: to be called when every collector and gateway trusts its root. */
  async finishRoll(): Promise<void> {
    this.#save({ ...this.#state, serving: this.#state.issuing, served_ms: Date.now() });
    await this.#makeGateway();
    this.changed();
  }
}
