/** The published schemas of this folder, ready to check what is exported. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import add_formats from 'ajv-formats';

export const folder = fileURLToPath(new URL('./schemas/', import.meta.url));
const readSchema = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>;
const addFormats = add_formats.default;

/** @param path in this folder, or a whole one. Schemas of drafts 4 and 6, of which nothing that is used here changed up to draft 7. */
export function compileOld(path: string, mend: (text: string) => string = (text) => text): ValidateFunction {
  const { $schema: _, ...schema } = JSON.parse(mend(readFileSync(resolve(folder, path), 'utf8'))) as Record<
    string,
    unknown
  >;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

export function compile2020(part: string): (id: string) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  for (const path of globSync(`${part}/**/*.json`, { cwd: folder })) ajv.addSchema(readSchema(path));
  return (id) => {
    const validate = ajv.getSchema(id);
    assert(validate !== undefined, id);
    return validate;
  };
}
