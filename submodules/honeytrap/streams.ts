import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** The logJSON module of Honeytrap (the one in C, as T-Pot runs it): one JSON object for each attack. */
export const streams: SubmoduleStreams = {
  name: 'honeytrap',
  title: 'Honeytrap',
  sources: [
    {
      kind: 'lines',
      stream: 'attackers',
      usual_paths: ['/opt/honeytrap/var/log/attackers.json', '/data/honeytrap/log/attackers.json'],
    },
  ],
};
