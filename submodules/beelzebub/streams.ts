import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Beelzebub: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'beelzebub',
  title: 'Beelzebub',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/beelzebub/logs/beelzebub.log', '/data/beelzebub/log/beelzebub.json'],
    },
  ],
};
