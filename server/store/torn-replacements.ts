/**
 * What a full disk leaves of a table that is made from a SELECT: the engine (chDB 3.4) makes it as `_tmp_replace_…` and
 * renames it when it is filled, and the file of its definition may be empty. The engine refuses to open a database with
 * such a file (`Empty query: Cannot parse definition from metadata file`), for good. Nothing leads to that table.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const of_replacement = /^_tmp_replace_.*\.sql$/;

/**
 * To be called before the engine opens the database.
 * @param database folder of the engine's
 * @returns the files that were removed
 */
export function removeTornReplacements(database: string): string[] {
  const metadata = join(database, 'metadata');
  if (!existsSync(metadata)) return [];
  const folders = readdirSync(metadata)
    .map((name) => join(metadata, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  const torn = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => of_replacement.test(name))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).size === 0),
  );
  for (const path of torn) rmSync(path);
  return torn;
}
