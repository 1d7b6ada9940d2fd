import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/SentryPeer/SentryPeer',
  versions: '1.0 to 4.0',
  folder: new URL('./', import.meta.url),
};
