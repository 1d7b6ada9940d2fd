/**
 * The program of the child that reads copies of databases, as text: it runs as a user who cannot read our folder. The
 * build puts a module that says the same of built code in the place of this one.
 */
import { readFileSync } from 'node:fs';

const path = new URL('../readers/sqlite-inside.ts', import.meta.url);
let code: string | undefined;

/** Words for the runtime, before it the program. */
export function insideArguments(): string[] {
  code ??= `${readFileSync(path, 'utf8')}\nserve();`;
  return ['--input-type=module-typescript', '--eval', code];
}
