import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/mariocandela/beelzebub',
  versions: 'of 2022 to 2025, and as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
