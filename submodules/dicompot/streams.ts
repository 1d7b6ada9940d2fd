import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Dicompot: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'dicompot',
  title: 'Dicompot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/dicompot/server/dicompot.log', '/data/dicompot/log/dicompot.log'],
    },
  ],
};
