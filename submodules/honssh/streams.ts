import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** HonSSH's output-txtlog: a log for each session in its folder, and the log-ins of each day. */
export const streams: SubmoduleStreams = {
  name: 'honssh',
  title: 'HonSSH',
  sources: [
    {
      kind: 'lines',
      stream: 'session',
      usual_paths: ['/opt/honssh/sessions/*/*/*.log', '/opt/honssh/sessions/*/*.log'],
    },
    { kind: 'lines', stream: 'auth', usual_paths: ['/opt/honssh/logs/[0-9]*'] },
  ],
};
