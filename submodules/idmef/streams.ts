import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Files of IDMEF: one element a message, with any prefix, in any document around it. */
export const streams: SubmoduleStreams = {
  name: 'idmef',
  title: 'IDMEF',
  sources: [
    {
      kind: 'framed',
      stream: 'messages',
      usual_paths: ['/var/log/prelude-xml.log', '/var/log/prelude/prelude-xml.log', '/var/log/idmef/*.xml'],
      form: { kind: 'xml', element: 'IDMEF-Message' },
    },
  ],
};
