import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Which program writes these lines, in which form, and where that is written down. */
export const streams: SubmoduleStreams = {
  name: 'example',
  title: 'Example',
  sources: [{ kind: 'lines', stream: 'log', usual_paths: ['/var/log/example/example.json*'] }],
};
