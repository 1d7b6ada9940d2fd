import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** OpenCanary's PyLogger with a file handler and the format of its default configuration: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'opencanary',
  title: 'OpenCanary',
  sources: [
    { kind: 'lines', stream: 'json', usual_paths: ['/var/tmp/opencanary.log', '/var/log/opencanary.log'] },
  ],
};
