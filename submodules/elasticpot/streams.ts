import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** JSON log of ElasticPot: one object a line. */
export const streams: SubmoduleStreams = {
  name: 'elasticpot',
  title: 'ElasticPot',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/opt/elasticpot/log/elasticpot.json*', '/data/elasticpot/log/elasticpot.json*'],
    },
  ],
};
