import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://www.cisco.com',
  versions: 'ASA 8.0 to 9.20, IOS 12.4 to 15.9 and IOS XE 16 to 17',
  folder: new URL('./', import.meta.url),
};
