import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/mushorg/tanner',
  versions: '0.4 to 0.6.0 (2017 to 2021), and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
