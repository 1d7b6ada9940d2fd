import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Cowrie's `[output_jsonlog]`: one JSON object a line; rotated daily with the date behind its name. */
export const streams: SubmoduleStreams = {
  name: 'cowrie',
  title: 'Cowrie',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: [
        '/home/cowrie/cowrie/var/log/cowrie/cowrie.json',
        '/opt/cowrie/var/log/cowrie/cowrie.json',
        '/cowrie/cowrie-git/var/log/cowrie/cowrie.json',
        '/var/log/cowrie/cowrie.json',
        '/data/cowrie/log/cowrie.json',
      ],
    },
  ],
};
