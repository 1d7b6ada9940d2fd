import { join } from 'node:path';
import { Store } from '@apiary/server/store/store.ts';

/** Opens the engine of a server that is stopped, for what only its tables can tell. */
export async function readEngine<T>(
  server_directory: string,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = new Store({ directory: join(server_directory, 'engine') });
  try {
    await store.whenUp();
    return await work(store);
  } finally {
    await store.close();
  }
}
