import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of CitrixHoneypot: JSON as T-Pot runs it, else text. */
export const streams: SubmoduleStreams = {
  name: 'citrixhoneypot',
  title: 'CitrixHoneypot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/citrixhoneypot/logs/server.log', '/data/citrixhoneypot/logs/server.log'],
    },
  ],
};
