import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/MalwareTech/CitrixHoneypot',
  versions: '2020 to 2021, and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
