import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/t3chn0m4g3/h0neytr4p',
  versions: 'of 2024 to 2026, as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
