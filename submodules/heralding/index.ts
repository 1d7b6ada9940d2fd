import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/johnnykv/heralding',
  versions: '0.1.17 to 1.0.7, and as T-Pot runs it since 2026',
  folder: new URL('./', import.meta.url),
};
