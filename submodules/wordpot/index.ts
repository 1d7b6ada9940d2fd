import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/gbrindisi/wordpot',
  versions: '0.2 (2012 to 2018), and in T-Pot (2024 to 2026)',
  folder: new URL('./', import.meta.url),
};
