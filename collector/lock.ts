/**
 * One collector for a state directory. Two would write the same spool. The lock is a socket in Linux's abstract
 * namespace, named by the directory's path: it ends with the process, however that ends.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { OperationalError } from '@apiary/model/errors.ts';

/** @throws OperationalError `conflict` where another process has it */
export async function holdDirectory(dir: string): Promise<Server> {
  const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') reject(error);
      else
        reject(
          new OperationalError(
            'conflict',
            `a collector or gateway runs on ${dir} already: end it, or name another directory`,
          ),
        );
    });
    server.listen(`\0${name}`, () => resolve());
  });
  return server.unref();
}
