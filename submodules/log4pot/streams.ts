import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Log4Pot: one JSON object a line, and what it fetched. */
export const streams: SubmoduleStreams = {
  name: 'log4pot',
  title: 'Log4Pot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/log4pot/log4pot.log', '/data/log4pot/log/log4pot.log'],
    },
    {
      kind: 'files',
      stream: 'payloads',
      usual_paths: ['/opt/log4pot/payloads/*', '/data/log4pot/payloads/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
