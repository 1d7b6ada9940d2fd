import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'client',
  homepage: 'https://github.com/buffer/thug',
  versions: 'JSON logging of 0.8 to 1.6 (2016 to 2020), MAEC 1.1 of 0.4 to 0.9 (2012 to 2019)',
  folder: new URL('./', import.meta.url),
};
