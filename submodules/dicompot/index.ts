import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/nsmfoo/dicompot',
  versions: '0.1 (2020 to 2022), and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
