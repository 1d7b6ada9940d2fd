import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'medium',
  role: 'server',
  homepage: 'https://github.com/cowrie/cowrie',
  versions: '1.4 to 3.0',
  folder: new URL('./', import.meta.url),
};
