import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://zeek.org',
  versions: '2.5 to 7.0',
  folder: new URL('./', import.meta.url),
};
