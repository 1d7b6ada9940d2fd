import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Wordpot: text, or JSON of its successor in T-Pot. */
export const streams: SubmoduleStreams = {
  name: 'wordpot',
  title: 'Wordpot',
  sources: [
    { kind: 'lines', stream: 'log', repeats: 'json', usual_paths: ['/opt/wordpot/logs/wordpot.log'] },
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/opt/wordpot/logs/wordpot.json', '/data/wordpot/log/wordpot.json'],
    },
  ],
};
