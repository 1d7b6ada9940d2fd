import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Syslog of Cisco ASA and IOS devices, IOS IPS among them, as a log host writes it. */
export const streams: SubmoduleStreams = {
  name: 'cisco',
  title: 'Cisco ASA and IOS',
  sources: [
    {
      kind: 'lines',
      stream: 'syslog',
      usual_paths: ['/var/log/cisco.log', '/var/log/cisco/*.log', '/var/log/asa.log'],
    },
  ],
};
