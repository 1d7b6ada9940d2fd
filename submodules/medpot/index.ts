import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/schmalle/medpot',
  versions: '1.0 to 1.2 (2018 to 2021), and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
