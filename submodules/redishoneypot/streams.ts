import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of RedisHoneyPot, in both of its forms: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'redishoneypot',
  title: 'RedisHoneyPot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/redishoneypot/redis.log', '/data/redishoneypot/log/redishoneypot.log'],
    },
  ],
};
