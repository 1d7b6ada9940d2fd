/** Exports against the schemas that their formats publish, also where attackers wrote what breaks formats. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Incident } from '@apiary/model/api/incidents.ts';
import type { IncidentFormat, SetFormat } from '@apiary/model/incident-words.ts';
import { Ajv, type ValidateFunction } from 'ajv';
import { missing, recordings } from '../../tests/recording.ts';
import type { SourceContact } from '../reports/source-contacts.ts';
import type { StateDatabase } from '../state/database.ts';
import { makeCleaner } from './cleaner.ts';
import { gatherFacts } from './incident-facts.ts';
import { writeIncident, writeIncidents } from './incident-file.ts';
import { compile2020, compileOld, folder } from './testing/compile-schema.ts';
import { data, openInventory } from './testing/incident.ts';
import { contacts_max, writeXarf } from './xarf.ts';

const nasty = ']]>&<x a="b">\u0000\u0007\ud800\ufffe\u202e\'"\r\n-->';
const hostile: Incident = {
  ...data,
  incident: { ...data.incident, name: nasty, attacker: nasty, families: [nasty], objectives: [nasty] },
  narrative: [nasty],
  attacks: [
    ...data.attacks,
    {
      ...data.attacks[0]!,
      attack_id: '3',
      attacker_ip: '',
      service: nasty,
      cve: nasty,
      commands: [nasty],
      urls: [nasty],
      techniques: [],
      files: [],
      actions: { authenticate: 4 },
      results: ['denial of service'],
      stage: 'tried to get in',
      sessions: 0,
    },
    { ...data.attacks[0]!, attack_id: '4', stage: 'probed', cve: 'CVE-2021-44228', service: '' },
  ],
};
const incidents: [string, Incident][] = [
  ['plain', data],
  ['hostile', hostile],
  ['without attacks', { ...data, attacks: [] }],
];

/** It lies with the recordings, and is read there. */
const idea_schema = 'wild/idea-idmef/CSIRT-MU__IDEA-IDMEF-Converter/src/Converter/Tests/Schemas/schema.json';

/** A class that begins with its own bracket is POSIX; JavaScript wants it escaped. */
const mend_idea = (text: string): string => text.replaceAll(':[][', ':[\\\\]\\\\[');

const accept = (validate: ValidateFunction, what: unknown, name: string): void =>
  assert(validate(what), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);

describe('what is exported is as the published schema says', () => {
  let state: StateDatabase;
  before(() => {
    state = openInventory();
  });
  after(() => state.close());
  const now_ms = Date.UTC(2026, 2, 2);
  const write = (incident: Incident, format: IncidentFormat): Promise<string> =>
    writeIncident(state, incident, format, 'green', now_ms, []).then(({ text }) => text);

  test('IDEA', { skip: missing(idea_schema) }, async () => {
    const validate = compileOld(join(recordings, idea_schema), mend_idea);
    for (const [name, incident] of incidents) {
      const messages = JSON.parse(await write(incident, 'idea')) as {
        Note: string;
        CorrelID?: string[];
        ID: string;
      }[];
      for (const message of messages) {
        accept(validate, message, name);
        assert.equal(message.Note, 'TLP:GREEN');
      }
      assert.deepEqual(
        messages[0]?.CorrelID,
        messages.slice(1).map(({ ID }) => ID),
      );
    }
    assert.equal(validate({ Format: 'IDEA0', ID: 'x', DetectTime: 'yesterday', Category: ['A'] }), false);
  });

  test('IDMEFv2', async () => {
    const validate = compileOld('idmefv2/idmefv2-06.schema.json', (text) =>
      // It says draft 6, and writes this word as draft 4 did: beside a minimum of 0.
      text.replaceAll(/"exclusiveMinimum": ?true/g, '"exclusiveMinimum": 0'),
    );
    for (const [name, incident] of incidents) {
      const messages = JSON.parse(await write(incident, 'idmefv2')) as { Note: string }[];
      assert.equal(messages.length, incident.attacks.length + 1);
      for (const message of messages) {
        accept(validate, message, name);
        assert.match(message.Note, /^TLP:GREEN/);
      }
    }
    assert.equal(validate({ ...JSON.parse(await write(data, 'idmefv2'))[0], Priority: 'Grave' }), false);
  });

  test('IDMEF', {
    skip: spawnSync('xmllint', ['--version']).error !== undefined && 'needs xmllint',
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'apiary-idmef-'));
    const lint = (text: string): { status: number | null; stderr: string } => {
      writeFileSync(join(directory, 'a.xml'), text);
      const args = [
        '--noout',
        '--nonet',
        '--dtdvalid',
        join(folder, 'idmef/rfc4765.dtd'),
        join(directory, 'a.xml'),
      ];
      return spawnSync('xmllint', args, { encoding: 'utf8' });
    };
    for (const [name, incident] of incidents) {
      const text = await write(incident, 'idmef');
      const { status, stderr } = lint(text);
      assert.equal(status, 0, `${name}: ${stderr}`);
      assert.equal(text.split('<Alert ').length - 1, incident.attacks.length + 1);
      assert.match(text, /meaning="tlp"><string>green</);
    }
    // RFC 4765, section 7.1.2 has this pair of times: 2000-03-09T10:01:25.93464Z is 0xbc71f4f5.0xef449129.
    const first_ts = '2000-03-09T10:01:25.934640Z';
    const known = await write({ ...data, incident: { ...data.incident, first_ts } }, 'idmef');
    assert.match(known, /<DetectTime ntpstamp="0xbc71f4f5\.0xef4491/);
    assert.notEqual(
      lint((await write(data, 'idmef')).replace('<Classification ', '<Klassification ')).status,
      0,
    );
    rmSync(directory, { recursive: true });
  });

  test('STIX', async () => {
    const find = compile2020('stix');
    const base = 'http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas';
    const folders: Record<string, string> = { relationship: 'sros', 'marking-definition': 'common' };
    const check = (object: { type: string }, name: string): void =>
      accept(find(`${base}/${folders[object.type] ?? 'sdos'}/${object.type}.json`), object, name);
    for (const [name, incident] of incidents) {
      const bundle = JSON.parse(await write(incident, 'stix')) as { objects: { type: string; id: string }[] };
      const types = new Set(bundle.objects.map(({ type }) => type));
      assert(types.has('incident') && types.has('marking-definition'), [...types].join());
      for (const object of bundle.objects) check(object, `${name} ${object.id}`);
    }
    assert.throws(() => check({ type: 'indicator' }, 'an empty indicator'));
  });

  test('several incidents in one file', { skip: missing(idea_schema) }, () => {
    const list = incidents.map(([, incident], index) => ({
      ...incident,
      incident: { ...incident.incident, number: index + 1, incident_id: String(index + 1) },
    }));
    const write_all = (format: SetFormat): string =>
      writeIncidents(state, list, format, 'clear', now_ms, []).text;
    const idea = compileOld(join(recordings, idea_schema), mend_idea);
    const messages = JSON.parse(write_all('idea')) as { ID: string }[];
    for (const message of messages) accept(idea, message, 'idea');
    const attacks = list.reduce((sum, { attacks }) => sum + attacks.length, 0);
    assert.equal(messages.length, attacks + list.length);
    assert.equal((JSON.parse(write_all('idmefv2')) as object[]).length, attacks + list.length);
    assert.equal(write_all('idmef').split('<Alert ').length - 1, attacks + list.length);
    assert.equal((JSON.parse(write_all('misp')) as { response: object[] }).response.length, 3);
    const { objects } = JSON.parse(write_all('stix')) as { objects: { id: string; type: string }[] };
    assert.equal(new Set(objects.map(({ id }) => id)).size, objects.length);
    assert.equal(objects.filter(({ type }) => type === 'incident').length, 3);
    assert.match(write_all('csv'), /\r\naddress,203\.0\.113\.7,[^\r]*,clear,2\r\n/);
  });

  test('MISP', async () => {
    // The types and required fields of PyMISP's schema.json (2.4).
    const text = { type: 'string' };
    const validate = new Ajv().compile({
      type: 'object',
      required: ['date', 'threat_level_id', 'info', 'published', 'analysis', 'distribution', 'Attribute'],
      properties: {
        ...Object.fromEntries(
          ['date', 'threat_level_id', 'info', 'uuid', 'analysis', 'timestamp', 'distribution'].map((name) => [
            name,
            text,
          ]),
        ),
        published: { type: 'boolean' },
        Tag: { type: 'array', items: { type: 'object', properties: { name: text } } },
        Attribute: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              type: text,
              category: text,
              value: text,
              uuid: text,
              comment: text,
              to_ids: { type: 'boolean' },
            },
          },
        },
      },
    });
    for (const [name, incident] of incidents)
      accept(validate, JSON.parse(await write(incident, 'misp')).Event, name);
  });

  test('X-ARF, without the honeypot and without passwords', async () => {
    const find = compile2020('xarf');
    const contact: SourceContact = {
      detect_ts: '2026-03-01T00:00:01.000000Z',
      source_port: 40_001,
      destination_port: 22,
      transport: 'tcp',
      service: 'ssh',
      action: 'authenticate',
      outcome: 'failure',
      username: 'root@192.0.2.66',
      command: nasty,
      url: '',
    };
    const reporter = { organisation: 'Example CSIRT', contact: 'abuse@csirt.example' };
    const cleaner = makeCleaner(state, []);
    const report = (incident: Incident, address: string, contacts: SourceContact[]) => {
      const facts = gatherFacts(incident, { tlp: 'green', cleaner, now_ms });
      const made = writeXarf(facts, address, contacts, reporter, cleaner);
      const type = String(made.type).replaceAll('_', '-');
      accept(find(`https://xarf.org/schemas/v4/types/connection-${type}.json`), made, address);
      return made as {
        type: string;
        description: string;
        evidence: { payload: string; description: string }[];
        tags: string[];
      };
    };
    const [first, second] = ['203.0.113.7', '2001:db8:1:2::9'] as const;
    const tried: Incident = {
      ...data,
      attacks: data.attacks.map((one) => ({ ...one, actions: { authenticate: 9 } })),
    };
    assert.equal(report(tried, first, [contact]).type, 'login_attack');
    assert.equal(report(tried, second, [contact]).type, 'login_attack');
    assert.equal(report(tried, first, [{ ...contact, source_port: 0 }]).type, 'vulnerability_scan');
    assert.equal(report(data, first, []).type, 'vulnerability_scan');
    const probed: Incident = {
      ...data,
      attacks: data.attacks.map((one) => ({ ...one, stage: 'probed' as const })),
    };
    assert.equal(report(probed, first, [contact]).type, 'port_scan');
    const long = report(
      data,
      first,
      Array.from({ length: contacts_max + 1 }, () => contact),
    );
    const evidence = Buffer.from(long.evidence[0]!.payload, 'base64').toString();
    assert.equal(evidence.split('\n').length, contacts_max + 2);
    assert.match(long.evidence[0]!.description, /the first 200 lines/);
    assert.match(
      evidence,
      /^2026-03-01T00:00:01\.000000Z from port 40001 to tcp 22 ssh authenticate \(failure\) "root@sensor-/,
    );
    assert(!JSON.stringify(long).includes('192.0.2.66') && !evidence.includes('192.0.2.66'));
    assert.deepEqual(long.tags, ['tlp:green']);
    const [far, near] = (['brought a tool', 'probed'] as const).map((stage, index) => ({
      ...data.attacks[0]!,
      ...{ attack_id: String(index), stage },
    }));
    const returned = report({ ...data, attacks: [far!, near!] }, first, [contact]);
    assert.match(
      returned.description,
      /Farthest: brought a tool\.$/,
      'whoever comes back later and only looks',
    );
    assert.throws(() => report(data, '198.51.100.200', []), { code: 'not_found' });
    const facts = gatherFacts(data, { tlp: 'green', cleaner, now_ms });
    const nobody = { organisation: undefined, contact: undefined };
    assert.throws(() => writeXarf(facts, first, [], nobody, cleaner), { code: 'config_invalid' });
  });
});
