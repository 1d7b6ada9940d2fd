import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of HellPot: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'hellpot',
  title: 'HellPot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/home/*/.local/share/HellPot/logs/HellPot.log', '/data/hellpot/log/hellpot.log'],
    },
  ],
};
