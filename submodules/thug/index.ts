import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'client',
  homepage: 'https://github.com/buffer/thug',
  versions: '0.8 to 1.6 (2016 to 2020), JSON logging',
  folder: new URL('./', import.meta.url),
};
