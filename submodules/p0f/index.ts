import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://lcamtuf.coredump.cx/p0f3/',
  versions: '3.06b to 3.09b, and its fork with JSON as T-Pot runs it',
  folder: new URL('./', import.meta.url),
};
