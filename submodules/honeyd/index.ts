import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/DataSoft/Honeyd',
  versions: '1.5c to 1.6d',
  folder: new URL('./', import.meta.url),
};
