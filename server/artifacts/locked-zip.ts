/** A file for analysts elsewhere, as they exchange malware: in a ZIP with the password `infected`, so that nothing opens it by chance. */
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

configure({ useWebWorkers: false });

export const zip_password = 'infected';

/** @param name of the file in it */
export async function lockInZip(name: string, bytes: Buffer): Promise<Buffer> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), {
    password: zip_password,
    // The old cipher, which every unpacker knows: it keeps nobody out who reads this line, and need not.
    zipCrypto: true,
  });
  await zip.add(name, new Uint8ArrayReader(new Uint8Array(bytes)));
  return Buffer.from(await zip.close());
}
