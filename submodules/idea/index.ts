import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://idea.cesnet.cz/en/index',
  versions: 'IDEA0',
  folder: new URL('./', import.meta.url),
};
