import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Glutton: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'glutton',
  title: 'Glutton',
  sources: [
    { kind: 'lines', stream: 'log', usual_paths: ['/var/log/glutton.log', '/data/glutton/log/glutton.log'] },
    {
      kind: 'files',
      stream: 'payloads',
      usual_paths: ['/opt/glutton/payloads/*', '/opt/glutton/samples/*', '/data/glutton/payloads/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
