import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** ADBHoney's JSON log: one object a line. */
export const streams: SubmoduleStreams = {
  name: 'adbhoney',
  title: 'ADBHoney',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/data/adbhoney/log/adbhoney.json', '/var/log/adbhoney/adbhoney.json'],
    },
    {
      kind: 'files',
      stream: 'downloads',
      usual_paths: ['/data/adbhoney/downloads/*.raw', '/opt/adbhoney/dl/*.raw'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
