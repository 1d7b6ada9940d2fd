import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Conpot's JsonLogger: one JSON object a line, and its log. T-Pot runs a Conpot for each template, each with files of its own. */
export const streams: SubmoduleStreams = {
  name: 'conpot',
  title: 'Conpot',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: [
        '/var/log/conpot.json',
        '/var/log/conpot/conpot.json',
        '/data/conpot/log/conpot_default.json',
        '/data/conpot/log/conpot_IEC104.json',
        '/data/conpot/log/conpot_guardian_ast.json',
        '/data/conpot/log/conpot_ipmi.json',
        '/data/conpot/log/conpot_kamstrup_382.json',
      ],
    },
    {
      kind: 'lines',
      stream: 'log',
      repeats: 'json',
      usual_paths: [
        '/var/log/conpot/conpot.log',
        '/var/log/conpot.log',
        '/data/conpot/log/conpot_default.log',
      ],
    },
  ],
};
