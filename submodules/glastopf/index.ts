import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/mushorg/glastopf',
  versions: '3.0 to 3.1.3 (2012 to 2016)',
  folder: new URL('./', import.meta.url),
};
