/** `apiary gateway enrol` and `apiary gateway run`: a gateway of its own, on its own host. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { enrol } from '@apiary/collector/enrol.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { splitAddress } from './config.ts';
import { EdgeGateway } from './edge/edge-gateway.ts';
import { endOnSignal } from './end-on-signal.ts';
import { listenAt } from './listen-at.ts';
import { version } from './version.ts';

const usual_listen = '0.0.0.0:7443';

interface Values {
  server?: string | undefined;
  token?: string | undefined;
  authority?: string | undefined;
  listen?: string | undefined;
}

/** @returns what is missing; '' where nothing is */
export async function enrolGateway(directory: string, { server, token, authority }: Values): Promise<string> {
  if (server === undefined || token === undefined || authority === undefined)
    return 'gateway enrol needs --server, --token and --authority: copy the command that the server shows';
  if (existsSync(join(directory, 'state.sqlite')))
    throw new OperationalError('conflict', `${directory} is a server's: name another directory with --data`);
  const told = await enrol({ dir: directory, server, token, authority, streams: [] });
  process.stdout.write(
    `Enrolled as the gateway ${told.collector}; the server is ${told.gateway}.\nNow start it: apiary gateway run --data ${directory}\n`,
  );
  return '';
}

/** Returns when the gateway listens; it ends by a signal. @returns what is missing; '' where nothing is */
export async function runGateway(
  directory: string,
  { listen = usual_listen }: Values,
  log: (message: string) => void,
): Promise<string> {
  const { host, port } = splitAddress(listen);
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535)
    return `--listen ${listen}: write HOST:PORT`;
  if (!existsSync(join(directory, 'enrolment.json')))
    throw new OperationalError(
      'input_invalid',
      `${directory} holds no gateway's key: run the command that the server shows, apiary gateway add NAME --address HOST:PORT, or name another directory with --data`,
    );
  const edge = await EdgeGateway.start({ directory, version, log });
  endOnSignal(() => edge.stop());
  await listenAt('--listen', listen, (address) => edge.listen(address.host, address.port));
  process.stdout.write(`The gateway listens at ${listen}\n`);
  return '';
}
