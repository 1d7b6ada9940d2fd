import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Sebek's datagrams, from captures; live they come by an intake (docs/guide/intakes.md). */
export const streams: SubmoduleStreams = {
  name: 'sebek',
  title: 'Sebek',
  sources: [
    {
      kind: 'framed',
      stream: 'packets',
      usual_paths: ['/var/log/sebek/*.pcap', '/var/log/pcap/sebek*'],
      form: { kind: 'capture', udp_port: 1101 },
    },
  ],
};
