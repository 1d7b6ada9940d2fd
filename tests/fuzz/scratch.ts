/** A folder for decoders that read files: in memory where the system has such a place, because there are many. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Scratch {
  #folder = '';

  path(name: string): string {
    if (this.#folder === '')
      this.#folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'apiary-fuzz-'));
    return join(this.#folder, name);
  }

  remove(): void {
    if (this.#folder !== '') rmSync(this.#folder, { recursive: true });
    this.#folder = '';
  }
}
