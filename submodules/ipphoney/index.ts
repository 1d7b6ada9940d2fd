import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://gitlab.com/bontchev/ipphoney',
  versions: 'of 2020 to 2023',
  folder: new URL('./', import.meta.url),
};
