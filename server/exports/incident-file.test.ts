import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { incident_formats } from '@apiary/model/incident-words.ts';
import type { StateDatabase } from '../state/database.ts';
import { pseudonym } from './cleaner.ts';
import { writeIncident } from './incident-file.ts';
import { data, hash, openInventory } from './testing/incident.ts';

describe('an incident for others', () => {
  let state: StateDatabase;
  before(() => {
    state = openInventory();
  });
  const write = (format: (typeof incident_formats)[number]): Promise<string> =>
    writeIncident(state, data, format, 'amber', Date.UTC(2026, 2, 2), []).then(({ text }) => text);

  test('names no sensor and none of its addresses in any format, also not inside payloads', async () => {
    for (const format of incident_formats) {
      const text = await write(format);
      assert(text.length > 0, format);
      for (const word of [
        'secret-pot',
        '192.0.2.66',
        'Example cellar',
        'eva',
        'c2VjcmV0LXBvdA',
        '3221226050',
      ])
        assert(!text.includes(word), `${format} holds ${word}`);
    }
    const key = state.get<{ value: string }>("SELECT value FROM setting WHERE name = 'pseudonym_key'")!.value;
    assert((await write('stix')).includes(pseudonym(Buffer.from(key, 'hex'), 'secret-pot')));
  });

  test('is the same bundle each time, with indicators for what can be acted on', async () => {
    assert.equal(await write('stix'), await write('stix'));
    const bundle = JSON.parse(await write('stix')) as {
      objects: { type: string; id: string; name?: string; pattern?: string }[];
    };
    const patterns = bundle.objects.flatMap(({ pattern }) => pattern ?? []);
    assert(patterns.includes("[ipv4-addr:value = '203.0.113.7']"));
    assert(patterns.includes("[ipv6-addr:value = '2001:db8:1:2::9']"));
    assert(patterns.includes(`[file:hashes.'SHA-256' = '${hash}']`));
    assert(patterns.includes("[url:value = 'http://198.51.100.9/a;b?c=\\'d\\'']"));
    assert.equal(new Set(bundle.objects.map(({ id }) => id)).size, bundle.objects.length);
    assert(
      bundle.objects.some(({ type, name }) => type === 'attack-pattern' && name === 'Ingress Tool Transfer'),
    );
    const [marking, ...own] = bundle.objects;
    assert.equal(marking?.type, 'marking-definition');
    for (const { id } of own)
      assert.match(id, /^[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('says in each format that there is more than was written', async () => {
    const cut: typeof data = { ...data, is_cut: true, incident: { ...data.incident, attacks: 7000 } };
    for (const format of incident_formats) {
      const { text } = await writeIncident(state, cut, format, 'amber', 0, []);
      assert.match(text, /It has 7000 attacks: only the first 2 are in this file\./, format);
      assert.doesNotMatch(await write(format), /only the first/, format);
    }
  });

  test("gives no scanner of one's own to be blocked", async () => {
    state.run(
      "INSERT INTO known_source (network, kind, name, since_ms) VALUES ('203.0.113.0/29', 'own_scanner', 'audit', 0)",
    );
    try {
      for (const format of [
        'stix',
        'misp',
        'csv',
        'suricata',
        'snort',
        'nftables',
        'idea',
        'idmef',
        'idmefv2',
      ] as const) {
        const text = await write(format);
        assert(!text.includes('203.0.113.7') && !text.includes('/a;b'), format);
        assert(text.includes('2001:db8:1:2::9'), format);
      }
    } finally {
      state.run('DELETE FROM known_source');
    }
  });

  test('is no bundle that was changed before it was made, where a clock was ahead', async () => {
    const { text } = await writeIncident(state, data, 'stix', 'amber', Date.UTC(2026, 0, 15), []);
    for (const { created, modified } of JSON.parse(text).objects)
      assert(modified === undefined || modified >= created, `${created} ${modified}`);
  });

  test('is a MISP event with its marking and attributes', async () => {
    const { Event } = JSON.parse(await write('misp')) as {
      Event: { Tag: { name: string }[]; Attribute: { type: string; value: string }[]; date: string };
    };
    assert.equal(Event.date, '2026-03-01');
    assert(Event.Tag.some(({ name }) => name === 'tlp:amber'));
    // As the cluster of MISP's galaxy is called.
    const technique = 'misp-galaxy:mitre-attack-pattern="Ingress Tool Transfer - T1105"';
    assert(Event.Tag.some(({ name }) => name === technique));
    assert.deepEqual(
      Event.Tag.filter(({ name }) => name.startsWith('rsit:')).map(({ name }) => name),
      ['rsit:intrusions="system-compromise"', 'rsit:malicious-code="malware-distribution"'],
    );
    assert.deepEqual(
      Event.Attribute.map(({ type }) => type),
      ['ip-src', 'ip-src', 'sha256', 'url'],
    );
  });

  test('is a report to print, in which no text of an attacker is markup and what is cut says so', async () => {
    const nasty = '<script>alert(1)</script>\u202e';
    const many = Array.from({ length: 103 }, (_, index) => `${nasty} ${index}`);
    const hostile: typeof data = {
      ...data,
      incident: { ...data.incident, name: nasty, families: [nasty], services: [nasty] },
      narrative: [nasty],
      evidence: [
        { about: 'attacker', says: nasty, rule: 'x', weight: 1, because: 'on secret-pot', events: [] },
      ],
      attacks: data.attacks.map((one) => ({
        ...one,
        commands: many,
        urls: many,
        service: nasty,
        cve: nasty,
        tool: nasty,
      })),
    };
    const { text, name } = await writeIncident(state, hostile, 'html', 'red', Date.UTC(2026, 2, 2), []);
    assert.equal(name, 'incident-12-html.html');
    assert.doesNotMatch(text, /<script|\u202e|secret-pot/);
    assert.match(text, /&lt;script&gt;alert\(1\)/);
    assert.match(text, /TLP:RED/);
    assert.equal(text.split('and 3 more').length, 3);
    assert.match(text, /<svg[\s\S]*<rect[\s\S]*<\/svg>/);
    assert.match(text, /content="default-src 'none'; style-src 'unsafe-inline'"/);
    for (const value of ['203.0.113.7', '2001:db8:1:2::9', hash]) assert(text.includes(value), value);
  });
});
