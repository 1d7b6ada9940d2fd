import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/aelth/ddospot',
  versions: '2019 to 2023, as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
