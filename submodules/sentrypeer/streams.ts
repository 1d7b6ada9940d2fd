import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** SentryPeer's JSON log (-j, -l): one object for each SIP request. */
export const streams: SubmoduleStreams = {
  name: 'sentrypeer',
  title: 'SentryPeer',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/data/sentrypeer/log/sentrypeer.json', '/var/log/sentrypeer/sentrypeer_json.log'],
    },
  ],
};
