import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/pwnlandia/mhn',
  versions: 'exports of the collection session by mongoexport 2.6 to 4.0 (2013 to 2019)',
  folder: new URL('./', import.meta.url),
};
