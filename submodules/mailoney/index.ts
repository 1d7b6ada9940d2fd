import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/phin3has/mailoney',
  versions: '0.1 to 1.0 (2016 to 2023, schizo_open_relay), and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
