import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/gbrindisi/wordpot',
  versions: '0.2 (2012 to 2016), and the successor of 2026 in T-Pot',
  folder: new URL('./', import.meta.url),
};
