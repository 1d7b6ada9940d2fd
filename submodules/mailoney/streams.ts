import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Logs of Mailoney: JSON as T-Pot runs it, else text. */
export const streams: SubmoduleStreams = {
  name: 'mailoney',
  title: 'Mailoney',
  sources: [
    {
      kind: 'lines',
      stream: 'commands',
      usual_paths: ['/opt/mailoney/logs/commands.log', '/data/mailoney/log/commands.log'],
    },
    {
      kind: 'lines',
      stream: 'mail',
      usual_paths: ['/opt/mailoney/logs/mail.log', '/data/mailoney/log/mail.log'],
    },
  ],
};
