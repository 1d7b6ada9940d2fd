import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** The kernel's log of the LOG target of iptables and nftables, as syslog writes it (ulogd's LOGEMU and SYSLOG have the same form), and ulogd's JSON. */
export const streams: SubmoduleStreams = {
  name: 'iptables',
  title: 'iptables',
  sources: [
    {
      kind: 'lines',
      stream: 'kernel',
      usual_paths: ['/var/log/kern.log', '/var/log/iptables.log', '/var/log/ulog/syslogemu.log'],
    },
    { kind: 'lines', stream: 'ulogd', usual_paths: ['/var/log/ulogd.json', '/var/log/ulog/ulogd.json'] },
  ],
};
