import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Sessions that were exported from the database of the Modern Honey Network: one JSON object a line. */
export const streams: SubmoduleStreams = {
  name: 'mhn',
  title: 'Modern Honey Network',
  sources: [{ kind: 'lines', stream: 'sessions', usual_paths: ['/opt/mhn/session.json'] }],
};
