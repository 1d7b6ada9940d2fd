/**
 * Engines' folders with a schema and nothing in it: an engine that starts on a copy need not make the tables and views,
 * some six hundred for all sensor types. A run of the suite makes them once; where there are none, engines make their
 * schema themselves, as an operator's first start does.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryEngine } from '@apiary/server/store/engine-trial.ts';
import { prepareSchema } from '@apiary/server/store/prepare-schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';

const variable = 'APIARY_ENGINE_IMAGES';

/** `all`: with every sensor type; the others: what an engine has without any, by its rendering. */
export type EngineImage = 'all' | 'single' | 'local_shards';

/** Makes the images in a folder, for the processes that this one starts. */
export async function makeEngineImages(folder: string, names: readonly EngineImage[]): Promise<void> {
  for (const name of names) {
    const directory = join(folder, name);
    const prepare = (store: Store): Promise<void> => prepareSchema(store, name === 'all' ? submodules : []);
    // A server's start looks for what this leaves.
    if (name === 'all') await tryEngine(directory, { prepare, log: () => undefined });
    const store = new Store({ directory, rendering: name === 'all' ? 'single' : name });
    await store.whenUp();
    await prepare(store);
    await store.close();
    // It names its own folder; each engine writes it anew.
    rmSync(join(directory, 'engine.xml'));
  }
  process.env[variable] = folder;
}

/** Puts a copy of an image, where it was made, where an engine will start. */
export function copyEngineImage(directory: string, name: EngineImage): void {
  const folder = process.env[variable];
  if (folder === undefined || !existsSync(join(folder, name))) return;
  cpSync(join(folder, name), directory, { recursive: true, verbatimSymlinks: true });
}
