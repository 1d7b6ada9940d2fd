/**
 * An engine's folder with the whole schema and nothing in it: a server that starts on a copy need not make some six
 * hundred tables and views. A run of the suite makes one; where there is none servers make their schema themselves, as
 * an operator's first start does.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryEngine } from '@apiary/server/store/engine-trial.ts';
import { prepareSchema } from '@apiary/server/store/prepare-schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';

const variable = 'APIARY_ENGINE_IMAGE';

/** Makes the image in a new folder, for the processes that this one starts. */
export async function makeEngineImage(directory: string): Promise<void> {
  const prepare = (store: Store): Promise<void> => prepareSchema(store, submodules);
  await tryEngine(directory, { prepare, log: () => undefined });
  const store = new Store({ directory });
  await store.whenUp();
  await prepare(store);
  await store.close();
  // It names its own folder; each engine writes it anew.
  rmSync(join(directory, 'engine.xml'));
  process.env[variable] = directory;
}

/** Puts a copy of the image, where there is one, into a server's data directory. */
export function copyEngineImage(data_directory: string): void {
  const image = process.env[variable];
  if (image !== undefined)
    cpSync(image, join(data_directory, 'engine'), { recursive: true, verbatimSymlinks: true });
}
