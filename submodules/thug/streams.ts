import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Analyses of Thug: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'thug',
  title: 'Thug',
  sources: [{ kind: 'lines', stream: 'analyses', usual_paths: ['/opt/thug/logs/analyses.jsonl'] }],
};
