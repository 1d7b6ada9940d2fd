import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/**
 * Snort's one-line alerts (alert_fast, and alert_syslog in a file of its own), its full alerts with an empty line between
 * them, alert_json of Snort 3, and unified2 as u2json of idstools writes it.
 */
export const streams: SubmoduleStreams = {
  name: 'snort',
  title: 'Snort',
  sources: [
    {
      kind: 'lines',
      stream: 'alert',
      repeats: 'unified2',
      usual_paths: [
        '/var/log/snort/alert',
        '/var/log/snort/alert_fast.txt',
        '/var/log/snort/snort.alert.fast',
      ],
    },
    { kind: 'lines', stream: 'json', usual_paths: ['/var/log/snort/alert_json.txt'] },
    { kind: 'lines', stream: 'unified2', usual_paths: ['/var/log/snort/alerts.json'] },
    {
      kind: 'framed',
      stream: 'full',
      repeats: 'unified2',
      usual_paths: ['/var/log/snort/alert', '/var/log/snort/alert.full'],
      form: { kind: 'paragraphs' },
    },
  ],
};
