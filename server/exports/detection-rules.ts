/**
 * Rules for intrusion detection, made of an incident's evidence (the future work of the 2015 paper): Suricata and Snort
 * rules and sets of nftables. They match what was seen, not what it may become.
 */
import { isIP } from 'node:net';
import type { IncidentFacts } from './incident-facts.ts';
import { isTelling } from './telling.ts';

/** Far behind the numbers that providers of rules have among them (sidallocation.org), so that none is there twice. */
const sid_first = 1_000_000_000;
/** Numbers of an incident: so many rules at most, the last two for its sources. */
const sids_of_incident = 100;
const content_bytes_max = 200;
/** A shorter command would match the typing of anybody. */
const command_length_min = 16;
const addresses_max = 500;

const contentOf = (text: string): Buffer => Buffer.from(text).subarray(0, content_bytes_max);

/** The content of a rule: bytes that mean something to the rule language are written in hexadecimal. */
function writeContent(text: string): string {
  const bytes = contentOf(text);
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

/** The port as the header has it: with its colon, and '' where it is the usual one. */
function splitUrl(url: string): { host: string; port: string; path: string } | null {
  const match = /^http(s?):\/\/(?:[^@/?#]*@)?(\[[0-9a-f:]+\]|[^/?#:]+)(:\d+)?([^#]*)/i.exec(url);
  if (match === null) return null;
  const [, secure, host, port = '', rest] = match;
  const path = rest!.startsWith('/') ? rest! : `/${rest!}`;
  return { host: host!, port: port === (secure === '' ? ':80' : ':443') ? '' : port, path };
}

/** The host of a URL whose name is looked up; '' where it has none. */
const hostOf = (url: string): string =>
  /^[a-z]+:\/\/(?:[^@/?#]*@)?([a-z0-9._-]+)(?:[:/?#]|$)/i.exec(url)?.[1]?.toLowerCase().replace(/\.$/, '') ??
  '';

interface Rule {
  /** Action, protocol, addresses. */
  head: string;
  says: string;
  match: string;
  classtype: string;
}

/**
 * The whole host and the whole path as they were asked for: an attacker chooses both, and a beginning of either may be
 * everybody's. `http.host` is in small letters and without the port; Snort 2.9 has the header as it came.
 */
function downloadRule(url: string, snort: boolean): Rule[] {
  const parts = splitUrl(url);
  if (parts === null || url.includes('\ufffd')) return [];
  const { host, port, path } = parts;
  const bytes = Buffer.byteLength(path);
  const is_whole = bytes <= content_bytes_max;
  const match = snort
    ? `content:"${writeContent(path)}"; http_raw_uri; ${is_whole ? `urilen:${bytes},raw; ` : ''}content:"${writeContent(`Host: ${host}${port}`)}|0D 0A|"; http_header; nocase;`
    : `http.host; content:"${writeContent(host.toLowerCase())}"; startswith; endswith; http.uri.raw; content:"${writeContent(path)}"; startswith;${is_whole ? ' endswith;' : ''}`;
  return [
    {
      head: `alert ${snort ? 'tcp' : 'http'} $HOME_NET any -> $EXTERNAL_NET ${snort ? '$HTTP_PORTS' : 'any'}`,
      says: `download ${host}`,
      match: `flow:established,to_server; ${match}`,
      classtype: 'trojan-activity',
    },
  ];
}

const isLabel = (text: string): boolean => text.length >= 1 && text.length <= 63;

/** Names of hosts that downloads come from, as they are looked up. */
function nameRules(urls: readonly string[], snort: boolean): Rule[] {
  const names = [...new Set(urls.map(hostOf))].filter(
    (host) => host.includes('.') && isIP(host) === 0 && host.split('.').every(isLabel),
  );
  return names.map((name) => {
    // On the wire each label follows its length (RFC 1035, section 3.1), the first one behind the message's head of twelve
    // bytes. The name is matched whole: with less, one for t.co would be one for reddit.co.
    const labels = name
      .split('.')
      .map((label) => `|${label.length.toString(16).padStart(2, '0').toUpperCase()}|${label}`);
    return {
      head: `alert ${snort ? 'udp' : 'dns'} $HOME_NET any -> any ${snort ? '53' : 'any'}`,
      says: `name ${name}`,
      match: snort
        ? `content:"${labels.join('')}|00|"; nocase; offset:12; depth:${name.length + 2};`
        : `dns.query; content:"${name}"; nocase; startswith; endswith;`,
      classtype: 'trojan-activity',
    };
  });
}

/** What was typed where nothing is encrypted. */
function telnetRules({ attacks, exact }: IncidentFacts): Rule[] {
  const typed = attacks.filter(({ service }) => service === 'telnet').flatMap(({ commands }) => commands);
  const telling = [...new Set(typed)].filter(
    (command) =>
      exact.commands.includes(command) && isTelling(contentOf(command).toString(), command_length_min),
  );
  return telling.map((command) => ({
    head: 'alert tcp $EXTERNAL_NET any -> $HOME_NET [23,2323]',
    says: 'command over telnet',
    match: `flow:established,to_server; content:"${writeContent(command)}";`,
    classtype: 'trojan-activity',
  }));
}

function sourceRules({ sources }: IncidentFacts): Rule[] {
  return [false, true].flatMap((is_v6) => {
    const addresses = sources.filter((source) => source.is_v6 === is_v6).map(({ address }) => address);
    if (addresses.length === 0) return [];
    return [
      {
        head: `alert ip [${addresses.slice(0, addresses_max).join(',')}] any -> $HOME_NET any`,
        says: 'source',
        match: 'threshold:type limit, track by_src, count 1, seconds 3600;',
        classtype: 'misc-attack',
      },
    ];
  });
}

/**
 * Rules for Suricata 6 and later: URLs of downloads, names that are looked up, commands over telnet, sources.
 * @param snort in the words of Snort 2.9 instead
 * @returns '' where there is nothing to match
 */
export function writeIdsRules(facts: IncidentFacts, snort = false): string {
  const { incident, exact, tlp } = facts;
  const sources = sourceRules(facts);
  const seen = [
    ...exact.urls.flatMap((url) => downloadRule(url, snort)),
    ...nameRules(exact.urls, snort),
    ...telnetRules(facts),
  ];
  const most = sids_of_incident - sources.length;
  const first = sid_first + (incident.number % 90_000) * sids_of_incident;
  const rules = [...seen.slice(0, most), ...sources].map(
    ({ head, says, match, classtype }, index) =>
      `${head} (msg:"${message(`Apiary incident ${incident.number} ${says}`)}"; ${match} classtype:${classtype}; metadata:tlp ${tlp}; sid:${first + index}; rev:1;)`,
  );
  const cut = [
    ...(seen.length > most ? [`# ${seen.length - most} more were left out.\n`] : []),
    ...[false, true].flatMap((is_v6) => {
      const count = facts.sources.filter((source) => source.is_v6 === is_v6).length;
      return count > addresses_max ? [`# ${count - addresses_max} more sources were left out.\n`] : [];
    }),
  ].join('');
  return rules.length === 0 ? '' : `${cut}${rules.join('\n')}\n`;
}

/**
 * Sets of sources for nftables; a rule of one's own refers to them: `ip saddr @sources4 drop`.
 * @returns '' where there is none
 */
export function writeNftables({ incident, sources }: IncidentFacts): string {
  if (sources.length === 0) return '';
  const set = (name: string, type: string, addresses: string[]): string =>
    addresses.length === 0
      ? ''
      : `  set ${name} {\n    type ${type}\n    elements = { ${addresses.join(', ')} }\n  }\n`;
  const of = (is_v6: boolean): string[] =>
    sources.filter((source) => source.is_v6 === is_v6).map(({ address }) => address);
  return `table inet apiary_incident_${incident.number} {\n${set('sources4', 'ipv4_addr', of(false))}${set('sources6', 'ipv6_addr', of(true))}}\n`;
}
