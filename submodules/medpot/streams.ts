import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Medpot: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'medpot',
  title: 'Medpot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/var/log/medpot/medpot.log', '/data/medpot/log/medpot.log'],
    },
  ],
};
