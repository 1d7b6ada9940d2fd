import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://www.snort.org',
  versions: '2.9 and 3.0 to 3.9',
  folder: new URL('./', import.meta.url),
};
