import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://projects.honeynet.org/sebek/',
  versions: 'protocol 2 and 3',
  folder: new URL('./', import.meta.url),
};
