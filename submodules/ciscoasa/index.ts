import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/Cymmetria/ciscoasa_honeypot',
  versions: '2018 to 2022, as T-Pot runs it, and the alerts of the original',
  folder: new URL('./', import.meta.url),
};
