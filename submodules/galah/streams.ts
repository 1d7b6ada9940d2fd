import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Event log of Galah: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'galah',
  title: 'Galah',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/galah/event_log.json', '/data/galah/log/galah.json'],
    },
  ],
};
