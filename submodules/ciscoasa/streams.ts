import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of the honeypot of a Cisco ASA: text of Python objects, one a line. */
export const streams: SubmoduleStreams = {
  name: 'ciscoasa',
  title: 'CiscoASA honeypot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/var/log/ciscoasa/ciscoasa.log', '/data/ciscoasa/log/ciscoasa.log'],
    },
  ],
};
