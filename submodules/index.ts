/** All submodules; the server's schema is made from this list. */
import type { Submodule } from '@apiary/model/submodule.ts';
import { submodule as access } from './access/index.ts';
import { submodule as adbhoney } from './adbhoney/index.ts';
import { submodule as auditd } from './auditd/index.ts';
import { submodule as beelzebub } from './beelzebub/index.ts';
import { submodule as cisco } from './cisco/index.ts';
import { submodule as ciscoasa } from './ciscoasa/index.ts';
import { submodule as citrixhoneypot } from './citrixhoneypot/index.ts';
import { submodule as conpot } from './conpot/index.ts';
import { submodule as cowrie } from './cowrie/index.ts';
import { submodule as ddospot } from './ddospot/index.ts';
import { submodule as dicompot } from './dicompot/index.ts';
import { submodule as dionaea } from './dionaea/index.ts';
import { submodule as elasticpot } from './elasticpot/index.ts';
import { submodule as endlessh } from './endlessh/index.ts';
import { submodule as fatt } from './fatt/index.ts';
import { submodule as galah } from './galah/index.ts';
import { submodule as glastopf } from './glastopf/index.ts';
import { submodule as glutton } from './glutton/index.ts';
import { submodule as h0neytr4p } from './h0neytr4p/index.ts';
import { submodule as hellpot } from './hellpot/index.ts';
import { submodule as heralding } from './heralding/index.ts';
import { submodule as honeyd } from './honeyd/index.ts';
import { submodule as honeytrap } from './honeytrap/index.ts';
import { submodule as honssh } from './honssh/index.ts';
import { submodule as hostFiles } from './host_files/index.ts';
import { submodule as hostKeystrokes } from './host_keystrokes/index.ts';
import { submodule as hostNetwork } from './host_network/index.ts';
import { submodule as hostProcesses } from './host_processes/index.ts';
import { submodule as hostResources } from './host_resources/index.ts';
import { submodule as idea } from './idea/index.ts';
import { submodule as idmef } from './idmef/index.ts';
import { submodule as ipphoney } from './ipphoney/index.ts';
import { submodule as iptables } from './iptables/index.ts';
import { submodule as kippo } from './kippo/index.ts';
import { submodule as log4pot } from './log4pot/index.ts';
import { submodule as mailoney } from './mailoney/index.ts';
import { submodule as medpot } from './medpot/index.ts';
import { submodule as mhn } from './mhn/index.ts';
import { submodule as miniprint } from './miniprint/index.ts';
import { submodule as opencanary } from './opencanary/index.ts';
import { submodule as p0f } from './p0f/index.ts';
import { submodule as redishoneypot } from './redishoneypot/index.ts';
import { submodule as sebek } from './sebek/index.ts';
import { submodule as sentrypeer } from './sentrypeer/index.ts';
import { submodule as snort } from './snort/index.ts';
import { submodule as suricata } from './suricata/index.ts';
import { submodule as tanner } from './tanner/index.ts';
import { submodule as thug } from './thug/index.ts';
import { submodule as wordpot } from './wordpot/index.ts';
import { submodule as zeek } from './zeek/index.ts';

export const submodules: readonly Submodule[] = [
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
