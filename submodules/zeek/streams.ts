import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Zeek's logs as JSON (LogAscii::use_json) and as its own TSV: every log of its folder, each a file of its own. */
export const streams: SubmoduleStreams = {
  name: 'zeek',
  title: 'Zeek',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: [
        '/opt/zeek/logs/current/*.log',
        '/var/log/zeek/*.log',
        '/usr/local/zeek/logs/current/*.log',
      ],
    },
    {
      kind: 'lines',
      stream: 'tsv',
      usual_paths: [
        '/opt/zeek/logs/current/*.log',
        '/var/log/zeek/*.log',
        '/usr/local/bro/logs/current/*.log',
      ],
    },
  ],
};
