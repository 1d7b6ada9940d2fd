import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/DinoTools/dionaea',
  versions: '0.1 to 0.11',
  folder: new URL('./', import.meta.url),
};
