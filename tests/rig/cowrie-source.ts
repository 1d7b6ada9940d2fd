/** A Cowrie that writes lines, each with a number of its own, and rotates its log; what it wrote is remembered here. */
import { appendFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

export class CowrieSource {
  readonly path: string;
  readonly name: string;
  /** Lines written so far: their numbers are 0 … written - 1. */
  written = 0;
  rotations = 0;

  constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
    mkdirSync(dirname(path), { recursive: true });
  }

  line(number: number, at_ms = Date.now()): string {
    const timestamp = new Date(at_ms)
      .toISOString()
      .replace('Z', `${String(number % 1000).padStart(3, '0')}Z`);
    const common = `"timestamp":"${timestamp}","src_ip":"198.18.${number % 250}.7","session":"${this.name}-${number}","sensor":"${this.name}"`;
    return `{"eventid":"cowrie.login.failed","username":"root","password":"p${number}","message":"login attempt [root/p${number}] failed",${common}}`;
  }

  write(count: number): void {
    let text = '';
    for (let index = 0; index < count; index += 1) text += `${this.line(this.written + index)}\n`;
    appendFileSync(this.path, text);
    this.written += count;
  }

  /** By rename, as logrotate does. */
  rotate(): void {
    if (!existsSync(this.path)) return;
    this.rotations += 1;
    for (let number = this.rotations - 1; number >= 1; number -= 1)
      renameSync(`${this.path}.${number}`, `${this.path}.${number + 1}`);
    renameSync(this.path, `${this.path}.1`);
  }
}
