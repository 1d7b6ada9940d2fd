import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'medium',
  role: 'server',
  homepage: 'https://github.com/sa7mon/miniprint',
  versions: 'of 2019 to 2021, and in T-Pot (2024 to 2026)',
  folder: new URL('./', import.meta.url),
};
