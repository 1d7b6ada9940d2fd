import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/armedpot/honeytrap',
  versions: '1.1 (2012 to 2021)',
  folder: new URL('./', import.meta.url),
};
