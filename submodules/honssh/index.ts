import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://github.com/tnich/honssh',
  versions: '1.0 to 2017',
  folder: new URL('./', import.meta.url),
};
