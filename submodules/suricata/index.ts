import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://suricata.io',
  versions: '2.0 to 8.0',
  folder: new URL('./', import.meta.url),
};
