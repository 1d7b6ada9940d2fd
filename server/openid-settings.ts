/** The settings of the log-in by OpenID Connect, with its secret out of its file. */
import { readFileSync } from 'node:fs';
import { OperationalError } from '@apiary/model/errors.ts';
import type { OpenidSettings } from './api/openid-routes.ts';
import type { ServerConfig } from './config.ts';

/** @throws OperationalError config_invalid where the file of the secret cannot be read, or no group may do anything */
export function readOpenid(config: ServerConfig['web']['openid']): OpenidSettings | undefined {
  if (config === undefined) return undefined;
  const { administrators, analysts, viewers, client_secret_file, ...rest } = config;
  if (administrators.length + analysts.length + viewers.length === 0)
    throw new OperationalError(
      'config_invalid',
      'web.openid: name groups under administrators, analysts or viewers; without any nobody could log in',
    );
  let client_secret: string | undefined;
  if (client_secret_file !== undefined)
    try {
      client_secret = readFileSync(client_secret_file, 'utf8').trim();
    } catch (error) {
      throw new OperationalError(
        'config_invalid',
        `web.openid.client_secret_file: ${client_secret_file} cannot be read: ${(error as Error).message}`,
      );
    }
  return {
    ...rest,
    client_secret,
    groups: { administrator: administrators, analyst: analysts, viewer: viewers },
  };
}
