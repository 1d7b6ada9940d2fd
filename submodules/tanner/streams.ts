import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** The report of TANNER: one JSON object for each request that a SNARE passed on. */
export const streams: SubmoduleStreams = {
  name: 'tanner',
  title: 'SNARE/TANNER',
  sources: [
    {
      kind: 'lines',
      stream: 'report',
      usual_paths: ['/opt/tanner/data/tanner_report.json', '/data/tanner/log/tanner_report.json'],
    },
  ],
};
