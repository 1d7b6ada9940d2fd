import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** p0f's log (-o), fields between bars, and the JSON of the fork that T-Pot runs. */
export const streams: SubmoduleStreams = {
  name: 'p0f',
  title: 'p0f',
  sources: [
    { kind: 'lines', stream: 'log', usual_paths: ['/var/log/p0f/p0f.log', '/var/log/p0f.log'] },
    { kind: 'lines', stream: 'json', usual_paths: ['/data/p0f/log/p0f.json'] },
  ],
};
