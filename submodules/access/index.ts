import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'high',
  role: 'server',
  homepage: 'https://httpd.apache.org/docs/2.4/logs.html',
  versions:
    'Apache 1.3 to 2.4 and nginx 0.7 to 1.28: common, combined, and combined behind the name of a virtual host',
  folder: new URL('./', import.meta.url),
};
