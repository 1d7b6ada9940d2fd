import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** DDoSPot's logs, one of each pot: requests as JSON, and what it does itself as plain lines in between. */
export const streams: SubmoduleStreams = {
  name: 'ddospot',
  title: 'DDoSPot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: [
        '/data/ddospot/log/chargenpot.log',
        '/data/ddospot/log/dnspot.log',
        '/data/ddospot/log/genericpot.log',
        '/data/ddospot/log/ssdpot.log',
        '/data/ddospot/log/ntpot.log',
      ],
    },
  ],
};
