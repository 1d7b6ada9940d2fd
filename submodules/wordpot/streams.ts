import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Wordpot: text, in T-Pot of 2024 and 2025 text and JSON in one file, or the JSON of its successor there. */
export const streams: SubmoduleStreams = {
  name: 'wordpot',
  title: 'Wordpot',
  sources: [
    { kind: 'lines', stream: 'log', repeats: 'json', usual_paths: ['/opt/wordpot/logs/wordpot.log'] },
    { kind: 'lines', stream: 'tpot', repeats: 'json', usual_paths: ['/data/wordpot/log/wordpot.log'] },
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/opt/wordpot/logs/wordpot.json', '/data/wordpot/log/wordpot.json'],
    },
  ],
};
