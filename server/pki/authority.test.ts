import assert from 'node:assert';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { writeRequest } from '@apiary/collector/der.ts';
import { Authority } from './authority.ts';
import { checkSignature, signBytes } from './signature.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'apiary-pki-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function makeRequest(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return writeRequest('any', privateKey, publicKey);
}
const chainOf = (pem: string): X509Certificate[] =>
  pem
    .split(/(?<=-----END CERTIFICATE-----)/)
    .filter((part) => part.includes('BEGIN'))
    .map((part) => new X509Certificate(part));

test("a collector's certificate bears its number, lasts 90 days and leads up to the root", async () => {
  const authority = await Authority.open(directory);
  const issued = await authority.issue(makeRequest(), 42);
  const [leaf, intermediate] = chainOf(issued.pem) as [X509Certificate, X509Certificate];
  const [root] = chainOf(authority.trusted()) as [X509Certificate];
  assert.strictEqual(leaf.subject, 'CN=42');
  assert.ok(
    leaf.verify(intermediate.publicKey) && intermediate.verify(root.publicKey) && root.verify(root.publicKey),
  );
  assert.deepStrictEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.2']);
  assert.strictEqual(Math.round((issued.ends_ms - Date.now()) / 86_400_000), 90);
  assert.ok(authority.signed(leaf));
  assert.strictEqual(root.fingerprint256.replaceAll(':', '').toLowerCase(), authority.fingerprint());
  assert.strictEqual(leaf.serialNumber.toLowerCase().replace(/^0+/, ''), issued.serial);
});

test('keys are readable by their owner only', async () => {
  await Authority.open(directory);
  for (const folder of ['root-1', 'intermediate-1', 'gateway']) {
    assert.strictEqual(statSync(join(directory, folder, 'key.pem')).mode & 0o777, 0o600);
    assert.ok(
      createPrivateKey({ key: (await import('node:fs')).readFileSync(join(directory, folder, 'key.pem')) }),
    );
  }
});

test("with the root's key offline everything goes on but a new intermediate, which says where the key belongs", async () => {
  const authority = await Authority.open(directory);
  renameSync(join(directory, 'root-1', 'key.pem'), join(directory, 'offline'));
  const again = await Authority.open(directory);
  await again.issue(makeRequest(), 1);
  await assert.rejects(again.roll('intermediate'), /key of root-1 is offline/);
  renameSync(join(directory, 'offline'), join(directory, 'root-1', 'key.pem'));
  await again.roll('intermediate');
  assert.strictEqual(again.rolling, false, 'collectors trust the root already');
  assert.strictEqual(again.fingerprint(), authority.fingerprint());
});

test('a new root is trusted at once and shown when told; the old certificates stay ours', async () => {
  const authority = await Authority.open(directory);
  const before = authority.fingerprint();
  const old = chainOf((await authority.issue(makeRequest(), 1)).pem)[0] as X509Certificate;
  await authority.roll('root');
  assert.strictEqual(chainOf(authority.trusted()).length, 2);
  assert.strictEqual(authority.fingerprint(), before);
  assert.ok(authority.rolling && authority.signed(old));
  const fresh = chainOf((await authority.issue(makeRequest(), 1)).pem)[0] as X509Certificate;
  assert.ok(authority.signed(fresh) && fresh.issuer !== old.issuer);
  await authority.finishRoll();
  assert.notStrictEqual(authority.fingerprint(), before);
  const reopened = await Authority.open(directory);
  assert.strictEqual(reopened.fingerprint(), authority.fingerprint());
  assert.strictEqual(reopened.gateway_name, authority.gateway_name);
});

test("the gateway's certificate is made anew before it ends", async () => {
  const authority = await Authority.open(directory);
  const ends = (): number => new X509Certificate(authority.tlsMaterial().cert).validToDate.getTime();
  assert.strictEqual(await authority.renewGateway(Date.now() + 59 * 86_400_000), false);
  const before = authority.tlsMaterial().cert;
  assert.strictEqual(await authority.renewGateway(Date.now() + 61 * 86_400_000), true);
  assert.notStrictEqual(authority.tlsMaterial().cert, before);
  assert.ok(ends() > Date.now());
});

test('a request that does not prove its key, or is none, is refused', async () => {
  const authority = await Authority.open(directory);
  await assert.rejects(authority.issue('nonsense', 1), /cannot be read/);
  const pem = makeRequest();
  const bytes = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] as number) ^ 1;
  await assert.rejects(
    authority.issue(
      `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----`,
      1,
    ),
    /signature/,
  );
});

test("a document is signed by the authority's certificate for documents, and by no key of a collector or gateway", async () => {
  const authority = await Authority.open(directory);
  const document = Buffer.from('{"incident":1}');
  assert.strictEqual(checkSignature(document, await authority.sign(document)), authority.fingerprint());
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const csr = writeRequest('any', privateKey, publicKey);
  const root = authority.trusted();
  for (const issued of [await authority.issue(csr, 42), await authority.issueGateway(csr)]) {
    const chain = issued.pem.includes(root) ? issued.pem : `${issued.pem}${root}\n`;
    assert.throws(
      () => checkSignature(document, signBytes(document, key, chain)),
      /one for connections or an authority, not for documents/,
    );
  }
  // An authority's own key signs certificates.
  const folder = join(directory, 'intermediate-1');
  const [own_key, own] = ['key.pem', 'certificate.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  ) as [string, string];
  assert.throws(
    () => checkSignature(document, signBytes(document, own_key, `${own}\n${root}`)),
    /not for documents/,
  );
});
