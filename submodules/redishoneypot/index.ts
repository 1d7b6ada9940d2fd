import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://github.com/cypwnpwnsocute/RedisHoneyPot',
  versions: '1.0 (2021), as T-Pot runs it, and its successor of 2026 in T-Pot',
  folder: new URL('./', import.meta.url),
};
