import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/mushorg/glutton',
  versions: 'of 2018 to 2026, and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
