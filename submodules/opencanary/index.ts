import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/thinkst/opencanary',
  versions: '0.4 to 0.9.9',
  folder: new URL('./', import.meta.url),
};
