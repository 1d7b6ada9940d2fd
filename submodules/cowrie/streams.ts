import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

const homes = ['/home/cowrie/cowrie/var', '/opt/cowrie/var', '/cowrie/cowrie-git/var'];

/**
 * Cowrie's `[output_jsonlog]`: one JSON object a line; rotated daily with the date behind its name. Beside it its
 * terminal recordings and what attackers downloaded or uploaded: both are named by their SHA-256 when they are whole.
 */
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
    {
      kind: 'files',
      stream: 'ttylogs',
      usual_paths: [...homes.map((home) => `${home}/lib/cowrie/tty/*`), '/data/cowrie/log/tty/*'],
      holds: 'terminal_recording',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
    {
      kind: 'files',
      stream: 'downloads',
      usual_paths: [...homes.map((home) => `${home}/lib/cowrie/downloads/*`), '/data/cowrie/downloads/*'],
      holds: 'download',
      belongs_by: 'sha256',
      quiet_seconds: 60,
    },
  ],
};
