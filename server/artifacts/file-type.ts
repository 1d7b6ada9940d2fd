/** What the first bytes of a file say that it is. Numbers as in the formats' own specifications and file(1)'s magic. */

interface Magic {
  at?: number;
  /** Bytes in hexadecimal. */
  bytes: string;
  type: string;
}

const magics: readonly Magic[] = [
  { bytes: '7f454c46', type: 'ELF' },
  { bytes: '4d5a', type: 'DOS or Windows executable' },
  { bytes: 'cafebabe', type: 'Java class or Mach-O universal binary' },
  { bytes: 'cffaedfe', type: 'Mach-O, 64 bit' },
  { bytes: 'cefaedfe', type: 'Mach-O, 32 bit' },
  { bytes: '6465780a', type: 'Dalvik executable' },
  { bytes: '0061736d', type: 'WebAssembly' },
  { bytes: '504b0304', type: 'ZIP archive' },
  { bytes: '504b0506', type: 'ZIP archive, empty' },
  { bytes: '1f8b', type: 'gzip' },
  { bytes: '425a68', type: 'bzip2' },
  { bytes: 'fd377a585a00', type: 'xz' },
  { bytes: '28b52ffd', type: 'Zstandard' },
  { bytes: '377abcaf271c', type: '7-Zip archive' },
  { bytes: '526172211a07', type: 'RAR archive' },
  { at: 257, bytes: '7573746172', type: 'tar archive' },
  { bytes: '213c617263683e0a', type: 'ar archive or Debian package' },
  { bytes: 'edabeedb', type: 'RPM package' },
  { bytes: 'd0cf11e0a1b11ae1', type: 'OLE 2 document or installer' },
  { bytes: '25504446', type: 'PDF document' },
  { bytes: '7b5c727466', type: 'RTF document' },
  { bytes: '89504e470d0a1a0a', type: 'PNG image' },
  { bytes: 'ffd8ff', type: 'JPEG image' },
  { bytes: '47494638', type: 'GIF image' },
  { bytes: 'd4c3b2a1', type: 'pcap capture' },
  { bytes: 'a1b2c3d4', type: 'pcap capture' },
  { bytes: '0a0d0d0a', type: 'pcapng capture' },
  { bytes: '53514c69746520666f726d6174203300', type: 'SQLite database' },
];

/** e_machine of an ELF header (System V ABI and its supplements). */
const machines: Record<number, string> = {
  2: 'SPARC',
  3: 'x86',
  4: 'Motorola 68000',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  40: 'ARM',
  42: 'SuperH',
  43: 'SPARC 64',
  62: 'x86-64',
  93: 'ARC',
  183: 'ARM 64',
  195: 'ARC v2',
  243: 'RISC-V',
};

function describeElf(bytes: Buffer): string {
  if (bytes.length < 20) return 'ELF, cut short';
  const is_big = bytes[5] === 2;
  const kind = is_big ? bytes.readUInt16BE(16) : bytes.readUInt16LE(16);
  const machine = is_big ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
  const kinds: Record<number, string> = { 1: 'object', 2: 'executable', 3: 'shared object', 4: 'core' };
  return `ELF ${kinds[kind] ?? 'file'}, ${bytes[4] === 2 ? 64 : 32} bit, ${machines[machine] ?? `machine ${machine}`}, ${is_big ? 'big' : 'little'} endian`;
}

function describeWindows(bytes: Buffer): string {
  const at = bytes.length >= 64 ? bytes.readUInt32LE(60) : 0;
  if (at === 0 || at + 24 > bytes.length || bytes.toString('latin1', at, at + 4) !== 'PE\0\0')
    return 'DOS executable';
  const machine = { 332: 'x86', 34404: 'x86-64', 43620: 'ARM 64' }[bytes.readUInt16LE(at + 4)];
  const is_library = (bytes.readUInt16LE(at + 22) & 0x2000) !== 0;
  return `Windows ${is_library ? 'library' : 'executable'}${machine === undefined ? '' : `, ${machine}`}`;
}

/** Whether most of it can be read. */
export function isText(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 65_536);
  let odd = 0;
  for (const byte of sample) {
    if (byte === 0) return false;
    if (byte < 7 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127) odd += 1;
  }
  return odd <= sample.length / 50;
}

/** A word for the type; `data` where nothing is known. */
export function tellType(bytes: Buffer): string {
  if (bytes.length === 0) return 'empty';
  const magic = magics.find(({ at = 0, bytes: wanted }) =>
    bytes.subarray(at, at + wanted.length / 2).equals(Buffer.from(wanted, 'hex')),
  );
  if (magic?.type === 'ELF') return describeElf(bytes);
  if (magic?.bytes === '4d5a') return describeWindows(bytes);
  if (magic !== undefined) return magic.type;
  if (!isText(bytes)) return 'data';
  const first = bytes.toString('latin1', 0, 256).split('\n')[0]!.trimEnd();
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(first);
  if (interpreter !== null) {
    const [, path = '', argument = ''] = interpreter;
    return `script for ${path.endsWith('/env') ? argument : path}`;
  }
  if (/^\s*<\?php/i.test(first)) return 'PHP script';
  if (/^\s*<(?:!doctype html|html)/i.test(first)) return 'HTML document';
  if (/^\s*<\?xml/i.test(first)) return 'XML document';
  return 'text';
}
