import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://www.netfilter.org',
  versions: 'Linux 2.6 to 6.12; ulogd 2.0.3 to 2.0.8',
  folder: new URL('./', import.meta.url),
};
