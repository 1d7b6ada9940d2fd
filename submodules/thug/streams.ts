import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Analyses of Thug: one JSON object a line, or a bundle of MAEC 1.1. */
export const streams: SubmoduleStreams = {
  name: 'thug',
  title: 'Thug',
  sources: [
    { kind: 'lines', stream: 'analyses', usual_paths: ['/opt/thug/logs/analyses.jsonl'] },
    {
      kind: 'framed',
      stream: 'maec',
      repeats: 'analyses',
      usual_paths: ['/opt/thug/logs/*/*/analysis/maec11/analysis.xml'],
      form: { kind: 'xml', element: 'MAEC_Bundle' },
    },
  ],
};
