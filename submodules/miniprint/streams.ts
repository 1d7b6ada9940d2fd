import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of miniprint: text, or JSON as T-Pot runs it. */
export const streams: SubmoduleStreams = {
  name: 'miniprint',
  title: 'miniprint',
  sources: [
    { kind: 'lines', stream: 'log', usual_paths: ['/opt/miniprint/miniprint.log'] },
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/opt/miniprint/log/miniprint.json', '/data/miniprint/log/miniprint.json'],
    },
    {
      kind: 'files',
      stream: 'uploads',
      usual_paths: ['/opt/miniprint/uploads/*', '/data/miniprint/uploads/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
