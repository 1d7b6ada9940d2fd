/** `npm run new-submodule NAME`: copies submodules/_template and adds it to the two lists. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { OperationalError } from '@apiary/model/errors.ts';

/** The word of the template that the new name takes the place of. */
const placeholder = 'example';
const lists = [
  { file: 'index.ts', member: 'submodule' },
  { file: 'streams.ts', member: 'streams' },
] as const;

const capitalise = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function checkName(folder: string, name: string): void {
  const bad = (why: string): OperationalError =>
    new OperationalError('input_invalid', `a submodule cannot be named ${JSON.stringify(name)}: ${why}`);
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) {
    throw bad('a small letter first, then small letters, digits and underscores, 31 at most');
  }
  try {
    new Script(`'use strict'; let ${name};`);
  } catch {
    throw bad('it is a word of JavaScript');
  }
  if (['core', 'waiting', placeholder].includes(name)) throw bad('the name has another meaning');
  if (existsSync(join(folder, name))) throw bad('there is one');
}

function renameIn(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) renameIn(path, name);
    else {
      const text = readFileSync(path, 'utf8')
        .replaceAll(placeholder, name)
        .replaceAll(capitalise(placeholder), capitalise(name));
      writeFileSync(path, text);
    }
    const renamed = join(folder, entry.replaceAll(placeholder, name));
    if (renamed !== path) renameSync(path, renamed);
  }
}

/** Adds an import and an element to a list of submodules; both stay sorted by name. */
function addToList(path: string, name: string, member: string): void {
  const text = readFileSync(path, 'utf8');
  const file = member === 'streams' ? 'streams' : 'index';
  const line = `import { ${member} as ${name} } from './${name}/${file}.ts';`;
  const imports = text.split('\n').filter((other) => /^import .* from '\.\//.test(other));
  const sorted = [...imports, line].sort((one, other) =>
    (one.split(' as ')[1] ?? '') < (other.split(' as ')[1] ?? '') ? -1 : 1,
  );
  const block = imports.length > 0 ? text.replace(imports.join('\n'), sorted.join('\n')) : text;
  const grown = block.replace(/= \[([^\]]*)\];/, (_, inside: string) => {
    const names = inside
      .split(',')
      .map((other) => other.trim())
      .filter((other) => other !== '');
    return `= [\n${[...names, name]
      .sort()
      .map((other) => `  ${other},\n`)
      .join('')}];`;
  });
  writeFileSync(path, grown);
}

/**
 * @param folder of all submodules
 * @throws OperationalError `input_invalid` for a name that cannot be one
 */
export function createSubmodule(folder: string, name: string): void {
  checkName(folder, name);
  cpSync(join(folder, '_template'), join(folder, name), { recursive: true });
  renameIn(join(folder, name), name);
  for (const { file, member } of lists) addToList(join(folder, file), name, member);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const name = process.argv[2] ?? '';
  try {
    createSubmodule(fileURLToPath(new URL('../submodules/', import.meta.url)), name);
    console.log(`submodules/${name} is there. Next: docs/guide/submodule.md, from step 2.`);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    console.error(`${error.message}.`);
    process.exitCode = 2;
  }
}
