import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'medium',
  role: 'server',
  homepage: 'https://github.com/desaster/kippo',
  versions: '0.9, and the master that followed it',
  folder: new URL('./', import.meta.url),
};
