import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Heralding's file logger: sessions as JSON, one object a line, and sessions and log-ins as CSV. */
export const streams: SubmoduleStreams = {
  name: 'heralding',
  title: 'Heralding',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: ['/var/log/heralding/log_session.json', '/data/heralding/log/log_session.json'],
    },
    {
      kind: 'lines',
      stream: 'auth',
      has_header: true,
      repeats: 'json',
      usual_paths: ['/var/log/heralding/log_auth.csv', '/data/heralding/log/auth.csv'],
    },
    {
      kind: 'lines',
      stream: 'session',
      has_header: true,
      repeats: 'json',
      usual_paths: ['/var/log/heralding/log_session.csv', '/data/heralding/log/session.csv'],
    },
  ],
};
