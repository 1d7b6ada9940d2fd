import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/**
 * Snort's one-line alerts (alert_fast, and alert_syslog in a file of its own), its full alerts with an empty line between
 * them, and alert_json of Snort 3.
 */
export const streams: SubmoduleStreams = {
  name: 'snort',
  title: 'Snort',
  sources: [
    {
      kind: 'lines',
      stream: 'alert',
      usual_paths: [
        '/var/log/snort/alert',
        '/var/log/snort/alert_fast.txt',
        '/var/log/snort/snort.alert.fast',
      ],
    },
    { kind: 'lines', stream: 'json', usual_paths: ['/var/log/snort/alert_json.txt'] },
    {
      kind: 'framed',
      stream: 'full',
      usual_paths: ['/var/log/snort/alert', '/var/log/snort/alert.full'],
      form: { kind: 'paragraphs' },
    },
  ],
};
