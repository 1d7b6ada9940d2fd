import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FamilyField } from '@apiary/model/family-words.ts';
import { tools } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';
import { known_families, matchFamilies } from './families.ts';

const nothing: GatheredAttack = {
  attack_id: '1',
  visit_us: 0,
  visit_end_us: 0,
  first_us: 0,
  last_us: 0,
  sensor_id: 1,
  source: '::ffff:203.0.113.1',
  net: 0,
  attacker_ip: '::ffff:203.0.113.1',
  attacker_country: '',
  attacker_asn: 0,
  service: 'ssh',
  cve: '',
  sensors: [1],
  sessions: 1,
  events: 1,
  fresh: 1,
  actions: {},
  log_ins: 0,
  outbound: 0,
  usernames: 0,
  passwords: 0,
  some_usernames: [],
  signatures: [],
  user_agents: [],
  fingerprints: [],
  target_kinds: [],
  credentials: [],
  commands: [],
  files: [],
  downloads: [],
  relays: [],
  requests: [],
};

function attackWith(field: FamilyField, value: string): GatheredAttack {
  const timed = [{ ts_us: 0, event_id: '1', text: value, session: 's' }];
  const plain = [value];
  switch (field) {
    case 'command':
      return { ...nothing, commands: timed };
    case 'url':
      return { ...nothing, downloads: timed };
    case 'file':
      return { ...nothing, files: timed };
    case 'request':
      return { ...nothing, requests: plain };
    case 'signature':
      return { ...nothing, signatures: plain };
    case 'user_agent':
      return { ...nothing, user_agents: plain };
    case 'fingerprint':
      return { ...nothing, fingerprints: plain };
    case 'username':
      return { ...nothing, some_usernames: plain };
  }
}

/** What people and harmless programs type every day. */
const ordinary = [
  'ls -la',
  'cd /tmp',
  'uname -a',
  'cat /etc/passwd',
  'wget http://198.51.100.7/file.txt',
  'echo hello',
  'ps aux',
  'apt-get update',
  'crontab -l',
  'ping -c 1 198.51.100.7',
  'tar xzf backup.tar.gz',
  'vi notes.txt',
  'free -m',
  'GET / HTTP/1.1',
  'SELECT 1',
  'INFO',
  'service nginx status',
  'netstat -an',
  'git pull',
  'python3 -m http.server',
  '/bin/busybox wget http://198.51.100.7/x',
  '/bin/busybox chmod 777 x',
  'busybox free',
  './backup_linux_amd64 && echo done',
];

describe('known families and tools', () => {
  test('are sixty at least, each with a name of its own, a source and a kind of tool', () => {
    assert(known_families.length >= 60);
    assert.equal(new Set(known_families.map(({ name }) => name)).size, known_families.length);
    const kinds = new Set<string | null>([null, ...tools.map(({ name }) => name)]);
    for (const { name, source, tool, weight, rules } of known_families) {
      assert(source.length > 10, name);
      assert(kinds.has(tool), name);
      assert(weight > 0 && weight < 1 && rules.length > 0, name);
    }
  });

  for (const { name, sample } of known_families)
    test(`${name} is found in its sample`, () => {
      const found = matchFamilies(attackWith(sample.field, sample.value)).map(({ family }) => family.name);
      assert(found.includes(name), `${JSON.stringify(sample.value)} gives ${found.join(', ') || 'nothing'}`);
    });

  test('are not found in what everybody types', () => {
    for (const command of ordinary)
      assert.deepEqual(
        matchFamilies(attackWith('command', command)).map(({ family }) => family.name),
        [],
        command,
      );
    for (const [greeting, family] of [
      ['EHLO masscan', 'masscan'],
      ['EHLO www.censys.io', 'censys'],
    ] as const)
      assert.deepEqual(
        matchFamilies(attackWith('command', greeting)).map(({ family: { name } }) => name),
        [family],
      );
    assert.deepEqual(matchFamilies(attackWith('command', 'EHLO mail.example.net')), []);
    const paste = attackWith('url', 'https://pastebin.com/raw/aBcD1234');
    assert.deepEqual(matchFamilies(paste), [], 'a place where anybody puts anything');
    for (const request of ['/HNAP1', '/', '/index.html', '/robots.txt', '/favicon.ico', '/login.php'])
      assert.deepEqual(
        matchFamilies(attackWith('request', request)).map(({ family }) => family.name),
        [],
        request,
      );
  });
});
