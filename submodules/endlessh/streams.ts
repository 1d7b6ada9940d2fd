import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Endlessh, of endlessh and of what syslog puts before it. */
export const streams: SubmoduleStreams = {
  name: 'endlessh',
  title: 'Endlessh',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/var/log/endlessh.log', '/data/endlessh/log/endlessh.log'],
    },
  ],
};
