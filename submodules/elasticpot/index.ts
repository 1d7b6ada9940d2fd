import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://gitlab.com/bontchev/elasticpot',
  versions: '1.0.0 to 1.0.17 (2019 to 2024)',
  folder: new URL('./', import.meta.url),
};
