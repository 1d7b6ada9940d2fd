import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Honeyd's packet log (-l) and service log (-s), one line each. */
export const streams: SubmoduleStreams = {
  name: 'honeyd',
  title: 'Honeyd',
  sources: [
    {
      kind: 'lines',
      stream: 'packet',
      usual_paths: ['/var/log/honeypot/honeyd.log', '/var/log/honeyd/honeyd.log', '/var/log/honeyd.log'],
    },
    {
      kind: 'lines',
      stream: 'service',
      usual_paths: ['/var/log/honeypot/service.log', '/var/log/honeyd/service.log'],
    },
  ],
};
