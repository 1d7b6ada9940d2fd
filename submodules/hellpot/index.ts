import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/yunginnanet/HellPot',
  versions: 'of 2021 to 2024, and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
