/**
 * The programs of the children that are kept in, as text: they run as a user who cannot read our folder. The build puts
 * a module that says the same of built code in the place of this one.
 */
import { readFileSync } from 'node:fs';
import { type InsideProgram, inside_programs } from './inside-programs.ts';

export type { InsideProgram } from './inside-programs.ts';

const code = new Map<InsideProgram, string>();
const own_import = /^import (?!type\b)[^;]*? from '(\.[^']*)';$/gm;

/** A module behind those of ours that it imports, each once. Their names must differ: they share one scope. */
function join(url: URL, joined: Set<string>): string {
  if (joined.has(url.href)) return '';
  joined.add(url.href);
  let before = '';
  const own = readFileSync(url, 'utf8').replaceAll(own_import, (_, path: string) => {
    before += join(new URL(path, url), joined);
    return '';
  });
  return `${before}${own}\n`;
}

/** Words for the runtime, before them the program. */
export function insideArguments(program: InsideProgram): string[] {
  let text = code.get(program);
  if (text === undefined) {
    text = `${join(inside_programs[program], new Set())}serve();`;
    code.set(program, text);
  }
  return ['--input-type=module-typescript', '--eval', text];
}
