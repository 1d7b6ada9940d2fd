import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** JSON log of IPPHoney, and the documents that were sent to be printed. */
export const streams: SubmoduleStreams = {
  name: 'ipphoney',
  title: 'IPPHoney',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/opt/ipphoney/log/ipphoney.json*', '/data/ipphoney/log/ipphoney.json*'],
    },
    {
      kind: 'files',
      stream: 'downloads',
      usual_paths: ['/opt/ipphoney/dl/*', '/data/ipphoney/dl/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
