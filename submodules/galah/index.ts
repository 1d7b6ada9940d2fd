import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/0x4D31/galah',
  versions: 'of 2024 and 2025, and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
