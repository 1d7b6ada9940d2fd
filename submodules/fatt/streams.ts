import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** FATT's log with -j: one JSON object for each handshake or request. */
export const streams: SubmoduleStreams = {
  name: 'fatt',
  title: 'FATT',
  sources: [
    { kind: 'lines', stream: 'log', usual_paths: ['/data/fatt/log/fatt.log', '/var/log/fatt/fatt.log'] },
  ],
};
