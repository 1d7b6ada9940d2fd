/** The collector's half of every submodule. No import of this file may reach beyond model/ and streams.ts files. */
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { streams as access } from './access/streams.ts';
import { streams as adbhoney } from './adbhoney/streams.ts';
import { streams as auditd } from './auditd/streams.ts';
import { streams as beelzebub } from './beelzebub/streams.ts';
import { streams as cisco } from './cisco/streams.ts';
import { streams as ciscoasa } from './ciscoasa/streams.ts';
import { streams as citrixhoneypot } from './citrixhoneypot/streams.ts';
import { streams as conpot } from './conpot/streams.ts';
import { streams as cowrie } from './cowrie/streams.ts';
import { streams as ddospot } from './ddospot/streams.ts';
import { streams as dicompot } from './dicompot/streams.ts';
import { streams as dionaea } from './dionaea/streams.ts';
import { streams as elasticpot } from './elasticpot/streams.ts';
import { streams as endlessh } from './endlessh/streams.ts';
import { streams as fatt } from './fatt/streams.ts';
import { streams as galah } from './galah/streams.ts';
import { streams as glastopf } from './glastopf/streams.ts';
import { streams as glutton } from './glutton/streams.ts';
import { streams as h0neytr4p } from './h0neytr4p/streams.ts';
import { streams as hellpot } from './hellpot/streams.ts';
import { streams as heralding } from './heralding/streams.ts';
import { streams as honeyd } from './honeyd/streams.ts';
import { streams as honeytrap } from './honeytrap/streams.ts';
import { streams as honssh } from './honssh/streams.ts';
import { streams as hostFiles } from './host_files/streams.ts';
import { streams as hostKeystrokes } from './host_keystrokes/streams.ts';
import { streams as hostNetwork } from './host_network/streams.ts';
import { streams as hostProcesses } from './host_processes/streams.ts';
import { streams as hostResources } from './host_resources/streams.ts';
import { streams as idea } from './idea/streams.ts';
import { streams as idmef } from './idmef/streams.ts';
import { streams as ipphoney } from './ipphoney/streams.ts';
import { streams as iptables } from './iptables/streams.ts';
import { streams as kippo } from './kippo/streams.ts';
import { streams as log4pot } from './log4pot/streams.ts';
import { streams as mailoney } from './mailoney/streams.ts';
import { streams as medpot } from './medpot/streams.ts';
import { streams as mhn } from './mhn/streams.ts';
import { streams as miniprint } from './miniprint/streams.ts';
import { streams as opencanary } from './opencanary/streams.ts';
import { streams as p0f } from './p0f/streams.ts';
import { streams as redishoneypot } from './redishoneypot/streams.ts';
import { streams as sebek } from './sebek/streams.ts';
import { streams as sentrypeer } from './sentrypeer/streams.ts';
import { streams as snort } from './snort/streams.ts';
import { streams as suricata } from './suricata/streams.ts';
import { streams as tanner } from './tanner/streams.ts';
import { streams as thug } from './thug/streams.ts';
import { streams as wordpot } from './wordpot/streams.ts';
import { streams as zeek } from './zeek/streams.ts';

export const streams: readonly SubmoduleStreams[] = [
  access,
  adbhoney,
  auditd,
  beelzebub,
  cisco,
  ciscoasa,
  citrixhoneypot,
  conpot,
  cowrie,
  ddospot,
  dicompot,
  dionaea,
  elasticpot,
  endlessh,
  fatt,
  galah,
  glastopf,
  glutton,
  h0neytr4p,
  hellpot,
  heralding,
  honeyd,
  honeytrap,
  honssh,
  hostFiles,
  hostKeystrokes,
  hostNetwork,
  hostProcesses,
  hostResources,
  idea,
  idmef,
  ipphoney,
  iptables,
  kippo,
  log4pot,
  mailoney,
  medpot,
  mhn,
  miniprint,
  opencanary,
  p0f,
  redishoneypot,
  sebek,
  sentrypeer,
  snort,
  suricata,
  tanner,
  thug,
  wordpot,
  zeek,
];
