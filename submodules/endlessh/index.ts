import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/skeeto/endlessh',
  versions: '0.1 to 1.1 (2019 to 2021)',
  folder: new URL('./', import.meta.url),
};
