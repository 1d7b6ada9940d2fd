import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://github.com/0x4D31/fatt',
  versions: '2019 to 2024, as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
