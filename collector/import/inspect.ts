/** Looks at the beginning of files: which form they have, and what is needed to guess whose they are. */
import { isUtf8 } from 'node:buffer';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FileForm,
  type FoundFile,
  head_line_bytes_max,
  head_lines_max,
  head_text_bytes_max,
  type InspectedFile,
} from '@apiary/model/import.ts';
import { DatabaseCopier } from '../readers/sqlite-copy.ts';
import { CopiedDatabase } from '../readers/sqlite-database.ts';
import { dumpedTables } from './dump-statements.ts';
import { openTorn, type Packing, packingOf, unpack } from './unpack.ts';

const head_bytes_max = 256 * 1024;
const nuls_at_most_one_in = 200;
/** The beginning of a statement, up to the name of its table. */
const table_name_bytes = 512;

export async function readStart(path: string, bytes: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The first plain bytes of a file. */
async function plainStart(path: string, packing: Packing): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of openTorn(path, packing)) {
      pieces.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes >= head_bytes_max) break;
    }
  } catch (error) {
    // Damage behind the beginning is found when the file is read.
    if (bytes === 0) throw error;
  }
  return Buffer.concat(pieces).subarray(0, head_bytes_max);
}

const pcap_magics = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a]);
const dump_start = /^(?:--[^\n]*\n|\s|\/\*[\s\S]*?\*\/;?)*(?:(?:SET|USE|CREATE|DROP|LOCK|INSERT|START)\b|$)/i;

/** Of what is packed in a way that is not read here, or written in another coding: what to do with it. By first bytes. */
const unread: readonly [name: string, start: RegExp, remedy: string][] = [
  ['a zip archive', /^PK(?:\x03\x04|\x05\x06)/, 'unpack it, and import the folder'],
  ['a 7z archive', /^7z\xbc\xaf\x27\x1c/, 'unpack it, and import the folder'],
  ['a rar archive', /^Rar!\x1a\x07/, 'unpack it, and import the folder'],
  [
    'a tar archive under another name',
    /^[\s\S]{257}ustar/,
    'call it .tar, or .tar.gz where it is compressed',
  ],
  ['compressed by lz4', /^\x04\x22\x4d\x18/, 'unpack it'],
  ['compressed by lzma', /^\x5d\0\0[\s\S]{2}/, 'unpack it'],
  ['compressed by compress', /^\x1f\x9d/, 'unpack it'],
  ['compressed twice', /^(?:\x1f\x8b\x08|\x28\xb5\x2f\xfd|\xfd7zXZ\0|BZh[1-9]1AY)/, 'unpack it once'],
  [
    'text in UTF-16',
    /^(?:\xff\xfe|\xfe\xff|[\x09-\x7e]\0[\x09-\x7e]\0[\x09-\x7e]\0)/,
    'convert it: iconv -f UTF-16 -t UTF-8',
  ],
];

function whyUnread(head: Buffer): string {
  const start = head.toString('latin1', 0, 512);
  const [found] = unread.filter(([, pattern]) => pattern.test(start));
  return found === undefined ? '' : `is ${found[0]}: ${found[2]}`;
}

/** What a log that was cut short under a program that wrote on at its old place has before its first line. */
function withoutHole(head: Buffer): Buffer {
  const first = head.findIndex((byte) => byte !== 0);
  return first <= 0 ? head : head.subarray(first);
}

function formOf(head: Buffer): FileForm {
  if (head.length === 0) return 'empty';
  if (head.toString('latin1', 0, 15) === 'SQLite format 3') return 'sqlite';
  if (head.length >= 4 && pcap_magics.has(head.readUInt32BE(0))) return 'capture';
  const text = head.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const is_dump =
    /^(-- |\/\*!|\/\*M!|SET |CREATE |DROP )/i.test(text) && dump_start.test(text.slice(0, 4096));
  if (is_dump && /CREATE TABLE|INSERT INTO|SQL dump|MariaDB dump|MySQL dump/i.test(text)) return 'mysqldump';
  // Logs hold attackers' bytes in any charset, and a NUL where one sent it; what is no log is full of them or has no lines.
  const start = withoutHole(head).subarray(0, 4096);
  const nuls = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  return nuls * nuls_at_most_one_in > start.length || (!isUtf8(start) && !start.includes(10))
    ? 'bytes'
    : 'lines';
}

function headLines(head: Buffer): string[] {
  const lines: string[] = [];
  let bytes = 0;
  for (let at = 0; at < head.length && lines.length < head_lines_max; ) {
    const stop = head.indexOf(10, at);
    // The last one may be half of a line.
    if (stop === -1 && lines.length > 0) break;
    const end = stop === -1 ? head.length : stop;
    const length = end - at;
    if (length > 0 && length <= head_line_bytes_max && bytes + length <= head_text_bytes_max) {
      lines.push(head.subarray(at, end).toString('base64'));
      bytes += length;
    }
    at = end + 1;
  }
  return lines;
}

/** Of a copy, as always: the file is not touched. */
async function databaseTables(path: string, packing: Packing): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-look-'));
  const plain = packing === 'none' ? path : (await unpack(path, packing, folder)).path;
  const copier = new DatabaseCopier(plain, folder);
  try {
    const copy = await copier.copy();
    const database =
      copy === undefined ? undefined : (await CopiedDatabase.open(copy.path, copy.is_hostile)).database;
    if (database === undefined) throw new Error('the database is damaged, or is written all the time');
    try {
      return await database.tableNames();
    } finally {
      await database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of all of it: the tables that tell whose it is may stand at its end. */
async function dumpTables(path: string, packing: Packing): Promise<string[]> {
  const found = new Set<string>();
  let before = '\n';
  try {
    for await (const piece of openTorn(path, packing)) {
      const text = before + (piece as Buffer).toString('latin1');
      for (const table of dumpedTables(text)) found.add(table);
      before = text.slice(-table_name_bytes);
    }
  } catch (error) {
    // What is damaged is told when it is read.
    if (found.size === 0) throw error;
  }
  return [...found];
}

export async function inspectFile(file: FoundFile): Promise<InspectedFile> {
  const found: InspectedFile = { ...file, form: 'bytes', head: [], tables: [], trouble: '' };
  try {
    const packing = packingOf(await readStart(file.path, 16));
    const head = await plainStart(file.path, packing);
    found.form = formOf(head);
    if (found.form === 'empty' && statSync(file.path).size > 0)
      throw new Error('nothing of it can be decompressed');
    if (found.form === 'bytes') found.trouble = whyUnread(head);
    if (found.form === 'lines') found.head = headLines(withoutHole(head));
    if (found.form === 'mysqldump') found.tables = await dumpTables(file.path, packing);
    if (found.form === 'sqlite') found.tables = await databaseTables(file.path, packing);
  } catch (error) {
    found.trouble = (error as Error).message;
  }
  return found;
}
