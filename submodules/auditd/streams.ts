import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** The log of Linux's auditd, log_format RAW or ENRICHED: one line for each record, several for an event. */
export const streams: SubmoduleStreams = {
  name: 'auditd',
  title: 'auditd',
  sources: [{ kind: 'lines', stream: 'log', usual_paths: ['/var/log/audit/audit.log'] }],
};
