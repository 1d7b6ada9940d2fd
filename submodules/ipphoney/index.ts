import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://gitlab.com/bontchev/ipphoney',
  versions: '1.0.0 to 1.0.5 (2020 to 2024)',
  folder: new URL('./', import.meta.url),
};
