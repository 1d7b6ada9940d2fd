import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Messages of the Intrusion Detection Extensible Alert: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'idea',
  title: 'IDEA',
  sources: [
    { kind: 'lines', stream: 'messages', usual_paths: ['/var/log/idea/*.idea', '/var/log/idea/*.json'] },
  ],
};
