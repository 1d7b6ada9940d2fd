/** What can be seen of a file without running it. Runs in a worker (examination.ts), because the bytes are an attacker's. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import { BlobReader, configure, ZipReader } from '@zip.js/zip.js';
import { Parser } from 'tar';
import { tellType } from './file-type.ts';

configure({ useWebWorkers: false });

const strings_max = 500;
const string_length_max = 300;
const string_length_min = 6;
const entries_max = 500;
const head_bytes_max = 65_536;
/** What a compressed file may unpack to, to be listed. */
const unpacked_bytes_max = 32 * 1024 * 1024;

type Entries = NonNullable<ArtifactContent['entries']>;

/** Bits a byte, after Shannon: near 8 for what is compressed or encrypted. */
export function entropyOf(bytes: Buffer): number {
  if (bytes.length === 0) return 0;
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte]! += 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return Math.round(bits * 1000) / 1000;
}

/** Runs of printable characters, of one byte or of two (UTF-16, little endian), in the order in which they stand. */
export function findStrings(bytes: Buffer): { strings: string[]; is_cut: boolean } {
  const text = bytes.toString('latin1');
  const pattern = new RegExp(
    `[\\x20-\\x7e]{${string_length_min},}|(?:[\\x20-\\x7e]\\x00){${string_length_min},}`,
    'g',
  );
  const strings: string[] = [];
  for (const [found] of text.matchAll(pattern)) {
    if (strings.length === strings_max) return { strings, is_cut: true };
    strings.push(found.replaceAll('\0', '').slice(0, string_length_max));
  }
  return { strings, is_cut: false };
}

async function listZip(bytes: Buffer): Promise<Entries> {
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)])));
  const entries: Entries = [];
  for await (const { filename, uncompressedSize, directory, encrypted } of reader.getEntriesGenerator()) {
    if (entries.length === entries_max) break;
    entries.push({
      name: filename,
      size: uncompressedSize,
      kind: directory ? 'directory' : encrypted ? 'encrypted file' : 'file',
    });
  }
  return entries;
}

async function listTar(bytes: Buffer): Promise<Entries> {
  const entries: Entries = [];
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({
      strict: false,
      onReadEntry: (entry) => {
        if (entries.length < entries_max)
          entries.push({
            name: String(entry.path),
            size: entry.size,
            kind:
              { Directory: 'directory', SymbolicLink: 'symbolic link', Link: 'hard link' }[
                entry.type as string
              ] ?? 'file',
          });
        entry.resume();
      },
    });
    parser.on('end', () => resolve());
    parser.on('error', reject);
    parser.end(bytes);
  });
  return entries;
}

/** What an archive holds by its own word; null for what is none, or cannot be read. */
async function listEntries(
  bytes: Buffer,
  type: string,
): Promise<{ entries: Entries | null; trouble: string }> {
  try {
    if (type.startsWith('ZIP')) return { entries: await listZip(bytes), trouble: '' };
    if (type === 'tar archive') return { entries: await listTar(bytes), trouble: '' };
    if (type === 'gzip') {
      const inner = gunzipSync(bytes, { maxOutputLength: unpacked_bytes_max });
      const inner_type = tellType(inner);
      if (inner_type === 'tar archive') return { entries: await listTar(inner), trouble: '' };
      return { entries: [{ name: inner_type, size: inner.length, kind: 'file' }], trouble: '' };
    }
  } catch (error) {
    return { entries: null, trouble: `its entries cannot be listed: ${(error as Error).message}` };
  }
  return { entries: null, trouble: '' };
}

export async function examine(bytes: Buffer): Promise<ArtifactContent> {
  const hashOf = (name: string): string => createHash(name).update(bytes).digest('hex');
  const type = tellType(bytes);
  const { entries, trouble } = await listEntries(bytes, type);
  const { strings, is_cut } = findStrings(bytes);
  return {
    type,
    size: bytes.length,
    md5: hashOf('md5'),
    sha1: hashOf('sha1'),
    sha256: hashOf('sha256'),
    entropy: entropyOf(bytes),
    strings,
    strings_are_cut: is_cut,
    entries,
    entries_are_cut: (entries?.length ?? 0) === entries_max,
    trouble,
    head_base64: bytes.subarray(0, head_bytes_max).toString('base64'),
  };
}
