/**
 * Rules for intrusion detection, made of an incident's evidence (the future work of the 2015 paper): Suricata and Snort
 * rules, sets of nftables, Sigma. They match what was seen, not what it may become.
 */
import type { IncidentFacts } from './incident-facts.ts';

/** Rules of one's own have numbers from here on (Suricata and Snort documentation: 1,000,000 and more). */
const sid_first = 1_000_000;
const content_bytes_max = 200;

/** The content of a rule: bytes that mean something to the rule language are written in hexadecimal. */
function writeContent(text: string): string {
  const bytes = Buffer.from(text).subarray(0, content_bytes_max);
  let out = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    out += /[A-Za-z0-9 /._=-]/.test(character)
      ? character
      : `|${byte.toString(16).padStart(2, '0').toUpperCase()}|`;
  }
  return out.replaceAll('||', ' ');
}

/** Text of a rule's message: no quotes, semicolons or line ends. */
const message = (text: string): string => text.replace(/[^\w .:#/-]/g, '_').slice(0, 100);

const splitUrl = (url: string): { host: string; path: string } | null => {
  const match = /^https?:\/\/([^/?#]+)([^#]*)/i.exec(url);
  return match === null ? null : { host: match[1]!.replace(/:\d+$/, ''), path: match[2]! || '/' };
};

/**
 * Rules that name the addresses of downloads, for Suricata 6 and later (`http.host`, `http.uri`).
 * @param snort in the words of Snort 2.9 instead
 */
export function writeIdsRules(facts: IncidentFacts, snort = false): string {
  const { incident } = facts;
  const rules: string[] = [];
  const first = sid_first + (incident.number % 90_000) * 100;
  for (const url of facts.exact.urls.slice(0, 98)) {
    const parts = splitUrl(url);
    if (parts === null) continue;
    const text = message(`Apiary incident ${incident.number} download ${parts.host}`);
    const match = snort
      ? `content:"${writeContent(parts.path)}"; http_uri; content:"${writeContent(parts.host)}"; http_header;`
      : `http.host; content:"${writeContent(parts.host.toLowerCase())}"; startswith; http.uri; content:"${writeContent(parts.path)}"; startswith;`;
    rules.push(
      `alert ${snort ? 'tcp' : 'http'} $HOME_NET any -> $EXTERNAL_NET ${snort ? '$HTTP_PORTS' : 'any'} (msg:"${text}"; flow:established,to_server; ${match} classtype:trojan-activity; sid:${first + rules.length}; rev:1;)`,
    );
  }
  const v4 = facts.sources.filter(({ is_v6 }) => !is_v6).map(({ address }) => address);
  if (v4.length > 0)
    rules.push(
      `alert ip [${v4.slice(0, 500).join(',')}] any -> $HOME_NET any (msg:"${message(`Apiary incident ${incident.number} source`)}"; threshold:type limit, track by_src, count 1, seconds 3600; classtype:misc-attack; sid:${first + 99}; rev:1;)`,
    );
  return rules.length === 0 ? '' : `${rules.join('\n')}\n`;
}

/** Sets of sources for nftables. */
export function writeNftables({ incident, sources }: IncidentFacts): string {
  const set = (name: string, type: string, addresses: string[]): string =>
    addresses.length === 0
      ? ''
      : `  set ${name} {\n    type ${type}\n    elements = { ${addresses.join(', ')} }\n  }\n`;
  const of = (is_v6: boolean): string[] =>
    sources.filter((source) => source.is_v6 === is_v6).map(({ address }) => address);
  return `table inet apiary_incident_${incident.number} {\n${set('sources4', 'ipv4_addr', of(false))}${set('sources6', 'ipv6_addr', of(true))}}\n`;
}

/** A Sigma rule over command lines; '' where nothing was typed. */
export function writeSigma({ incident, exact, created }: IncidentFacts): string {
  const telling = exact.commands.filter((command) => command.length >= 12).slice(0, 30);
  if (telling.length === 0) return '';
  const quoted = telling.map((command) => `      - ${JSON.stringify(command)}`);
  return `title: Commands of honeypot incident ${incident.number}
status: experimental
description: Commands that were typed on honeypots in incident ${incident.number}
date: ${created.slice(0, 10).replaceAll('-', '/')}
logsource:
  product: linux
  category: process_creation
detection:
  selection:
    CommandLine|contains:
${quoted.join('\n')}
  condition: selection
level: medium
`;
}
