import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://github.com/linux-audit/audit-userspace',
  versions: '2.3 to 4.0',
  folder: new URL('./', import.meta.url),
};
