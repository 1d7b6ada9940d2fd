import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/mushorg/conpot',
  versions: '0.5.2 to 0.6.0, and its sources of 2026',
  folder: new URL('./', import.meta.url),
};
