import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Suricata's EVE output, filetype regular: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'suricata',
  title: 'Suricata',
  sources: [
    {
      kind: 'lines',
      stream: 'eve',
      usual_paths: ['/var/log/suricata/eve.json', '/data/suricata/log/eve.json'],
    },
  ],
};
