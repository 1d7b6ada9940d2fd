import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of H0neytr4p: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'h0neytr4p',
  title: 'H0neytr4p',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/h0neytr4p/log/log.json', '/data/h0neytr4p/log/log.json'],
    },
    {
      kind: 'files',
      stream: 'payloads',
      usual_paths: ['/opt/h0neytr4p/payloads/*', '/data/h0neytr4p/payloads/*'],
      holds: 'download',
      belongs_by: 'path',
      quiet_seconds: 60,
    },
  ],
};
