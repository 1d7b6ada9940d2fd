/**
 * The control socket: how `apiary` on the same machine speaks to the running server, which alone writes the
 * state. Whoever may open the socket's file (mode 0600) may give every order.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { OperationalError } from '@apiary/model/errors.ts';
import { tellError } from './api/failures.ts';
import { parse, readBody, reply } from './gateway/http.ts';
import { type OrderName, orders } from './orders.ts';
import type { ApiaryServer } from './server.ts';

const body_bytes_max = 1024 * 1024;
const socket_path_bytes_max = 103;

export class Control {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(path: string, apiary: ApiaryServer): Promise<Control> {
    const server = createServer((message, response) => {
      void (async () => {
        try {
          const { name, args, actor } = parse<{
            name: OrderName;
            args: Record<string, string>;
            actor: string;
          }>(await readBody(message, body_bytes_max));
          const order = Object.hasOwn(orders, name) ? orders[name] : undefined;
          if (order === undefined)
            throw new OperationalError('not_found', `there is no order "${String(name)}"`);
          reply(response, 200, (await order(apiary, args, actor)) ?? {});
        } catch (error) {
          if (error instanceof OperationalError) reply(response, error.status, error.toJSON());
          else {
            apiary.log(`mistake at an order: ${tellError(error)}`);
            const { message } = error as Error;
            reply(
              response,
              500,
              new OperationalError('internal', `the server made a mistake: ${message}`).toJSON(),
            );
          }
        }
      })();
    });
    // The limit of the system; beyond it the error would name neither the reason nor what to do.
    if (Buffer.byteLength(path) > socket_path_bytes_max) {
      throw new OperationalError(
        'config_invalid',
        `the path of the control socket, ${path}, has more than ${socket_path_bytes_max} bytes: use a data directory with a shorter path`,
      );
    }
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => resolve());
    });
    chmodSync(path, 0o600);
    return new Control(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
