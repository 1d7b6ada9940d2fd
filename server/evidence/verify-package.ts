/** Checks an evidence package by itself: no server is needed, only the fingerprint of the authority that is trusted. */
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { OperationalError } from '@apiary/model/errors.ts';
import {
  BlobReader,
  configure,
  type Entry,
  type FileEntry,
  Uint8ArrayWriter,
  ZipReader,
} from '@zip.js/zip.js';
import { checkSignature, type Signature } from '../pki/signature.ts';
import type { Manifest } from './incident-package.ts';

configure({ useWebWorkers: false });

export interface PackageFinding {
  manifest: Manifest;
  /** Of the root by which it was signed, SHA-256 in hexadecimal. */
  authority: string;
  /** A sentence each; none where all is as it was signed. */
  wrong: string[];
}

const manifest_name = 'manifest.json';
const signature_name = 'manifest.signature.json';

/**
 * @param trusted fingerprint of the root, hexadecimal; without it only that all belongs together is checked
 * @throws OperationalError input_invalid for what is no such package
 */
export async function verifyPackage(path: string, trusted?: string): Promise<PackageFinding> {
  const listed = await listEntries(path);
  const entries = new Map(listed.map((entry) => [entry.filename, entry]));
  const read = async (name: string): Promise<Buffer> => {
    const entry = entries.get(name);
    if (entry === undefined || entry.directory)
      throw new OperationalError(
        'input_invalid',
        `${path} is no evidence package: there is no ${name} in it`,
      );
    try {
      return Buffer.from(await entry.getData(new Uint8ArrayWriter()));
    } catch (error) {
      throw unreadable(`${name} in ${path} cannot be unpacked: ${(error as Error).message}`);
    }
  };
  const readJson = <T>(name: string, content: Buffer): T => {
    try {
      return JSON.parse(content.toString('utf8')) as T;
    } catch (error) {
      throw unreadable(`${name} in ${path} is not JSON: ${(error as Error).message}`);
    }
  };
  const bytes = await read(manifest_name);
  const manifest = readJson<Manifest>(manifest_name, bytes);
  const signature = readJson<Signature>(signature_name, await read(signature_name));
  if (!isManifest(manifest))
    throw unreadable(`${manifest_name} in ${path} is no list of what is in a package`);
  if (typeof signature?.signature !== 'string' || typeof signature.chain !== 'string')
    throw unreadable(`${signature_name} in ${path} is no signature`);
  const wrong: string[] = [];
  // Of two of one name an unpacker may show the other.
  for (const [name, all] of Map.groupBy(listed, ({ filename }) => filename))
    if (all.length > 1) wrong.push(`${name} is in it ${all.length} times`);
  let authority = '';
  try {
    authority = checkSignature(bytes, signature);
    if (trusted !== undefined && authority !== trusted)
      wrong.push(`it was signed by another authority, sha256:${authority}`);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    wrong.push(error.message);
  }
  for (const { name, sha256 } of manifest.files) {
    const entry = entries.get(name);
    entries.delete(name);
    if (entry === undefined || entry.directory) wrong.push(`${name} is missing`);
    else if ((await hashEntry(entry)) !== sha256) wrong.push(`${name} is not what was signed`);
  }
  for (const name of entries.keys())
    if (name !== manifest_name && name !== signature_name) wrong.push(`${name} was not signed`);
  return { manifest, authority, wrong };
}

/** What nobody signed may be anything. */
const isManifest = (value: Manifest | null): boolean =>
  Array.isArray(value?.files) &&
  value.files.every(
    (file: Partial<Manifest['files'][number]> | null) =>
      typeof file?.name === 'string' && typeof file.sha256 === 'string',
  );

const unreadable = (message: string): OperationalError => new OperationalError('input_invalid', message);

/** The hash of an entry's bytes; that of nothing where they cannot be unpacked. */
async function hashEntry(entry: FileEntry): Promise<string> {
  const hash = createHash('sha256');
  await entry
    .getData(new WritableStream<Uint8Array>({ write: (chunk) => void hash.update(chunk) }), {
      checkSignature: false,
    })
    .catch(() => hash.update('damaged'));
  return hash.digest('hex');
}

async function listEntries(path: string): Promise<Entry[]> {
  try {
    return await new ZipReader(new BlobReader(await openAsBlob(path))).getEntries();
  } catch (error) {
    throw new OperationalError(
      'input_invalid',
      `${path} cannot be read as a ZIP file: ${(error as Error).message}`,
      {},
      error,
    );
  }
}
