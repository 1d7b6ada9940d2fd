import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://www.kernel.org',
  versions: 'this collector; Linux 5.10 and later',
  folder: new URL('./', import.meta.url),
};
