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
    {
      kind: 'files',
      stream: 'ttylogs',
      usual_paths: ['/opt/honssh/sessions/*/*/*.tty', '/opt/honssh/sessions/*/*.tty'],
      holds: 'terminal_recording',
      belongs_by: 'session',
      quiet_seconds: 60,
    },
    {
      kind: 'files',
      stream: 'downloads',
      usual_paths: ['/opt/honssh/sessions/*/*/downloads/*', '/opt/honssh/sessions/*/downloads/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
