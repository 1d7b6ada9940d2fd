import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Log of Glastopf, and the events of its SQLite database. */
export const streams: SubmoduleStreams = {
  name: 'glastopf',
  title: 'Glastopf',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: ['/opt/glastopf/log/glastopf.log', '/data/glastopf/log/glastopf.log'],
    },
    {
      kind: 'sqlite',
      usual_paths: ['/opt/glastopf/db/glastopf.db', '/data/glastopf/db/glastopf.db'],
      generation_table: 'events',
      tables: [{ stream: 'events', table: 'events' }],
    },
  ],
};
