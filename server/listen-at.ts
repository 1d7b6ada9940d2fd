/** Listening where a setting says: what the system refuses is told with the setting and its value. */
import { OperationalError } from '@apiary/model/errors.ts';
import { splitAddress } from './config.ts';

const reasons: Record<string, string> = {
  EADDRINUSE: 'something else listens there',
  EADDRNOTAVAIL: 'no interface of this host has that address',
  EACCES: 'the user of the server may not',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'there is no host of that name, or nobody answers who knows',
};

/**
 * @param setting its name, for example `web.listen`
 * @param listen host:port
 * @throws OperationalError `address_unusable`; what is no matter of the address as it is
 */
export async function listenAt(
  setting: string,
  listen: string,
  open: (address: { host: string; port: number }) => Promise<unknown>,
): Promise<void> {
  try {
    await open(splitAddress(listen));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!Object.hasOwn(reasons, code)) throw error;
    throw new OperationalError(
      'address_unusable',
      `${setting}: ${listen} cannot be listened on: ${reasons[code]} (${code})`,
      {},
      error,
    );
  }
}
