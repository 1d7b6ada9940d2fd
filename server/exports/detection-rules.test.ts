/** Rules: that they match what was seen and nothing else, and that the programs they are for take them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import type { Incident } from '@apiary/model/api/incidents.ts';
import type { IncidentFormat } from '@apiary/model/incident-words.ts';
import { parseAllDocuments } from 'yaml';
import { examine } from '../artifacts/examine.ts';
import type { StateDatabase } from '../state/database.ts';
import { writeIncident } from './incident-file.ts';
import { checkers, validate } from './rule-check.ts';
import { data, openInventory } from './testing/incident.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const no_yara = !has('yara') && 'needs yara';
const can_nft =
  spawnSync('unshare', ['--map-root-user', '--net', 'nft', '--version'], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
  }).status === 0;
const no_nft = !can_nft && 'needs nft and a network namespace';

/** The bytes of a rule's `content`, as Suricata's and Snort's manuals give its language. */
const readContent = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/(\|[0-9A-F ]+\|)/)
      .map((part) =>
        part.startsWith('|') ? Buffer.from(part.replaceAll(/[| ]/g, ''), 'hex') : Buffer.from(part),
      ),
  );
const contentsOf = (rule: string): Buffer[] =>
  [...rule.matchAll(/content:"([^"]*)"/g)].map(([, text]) => readContent(text!));

describe('rules of an incident', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-rules-test-'));
  let state: StateDatabase;
  before(() => {
    state = openInventory();
  });
  after(() => {
    state.close();
    rmSync(directory, { recursive: true });
  });
  const now_ms = Date.UTC(2026, 2, 2);
  const write = (format: IncidentFormat, incident: Incident = data, contents: ArtifactContent[] = []) =>
    writeIncident(state, incident, format, 'amber', now_ms, contents).then(({ text }) => text);
  const rulesOf = async (format: IncidentFormat, incident: Incident = data): Promise<string[]> =>
    (await write(format, incident)).split('\n').filter((line) => line.startsWith('alert '));
  const telnet = 'cat /proc/mounts; /bin/busybox "TSUNAMI|x;"\\';
  const named: Incident = {
    ...data,
    attacks: data.attacks.map((attack) => ({
      ...attack,
      service: 'telnet',
      commands: [telnet, 'uname -a'],
      urls: ['http://user@Bad.Example:8080/bins/x.sh#top', 'ftp://203.0.113.99/x'],
    })),
  };

  test('name the marking, and nothing of an attacker ends a string', async () => {
    for (const format of ['suricata', 'snort'] as const) {
      const text = await write(format, named);
      assert.match(text, /^# Apiary, incident 12, TLP:AMBER, made 2026-03-02T/);
      const rules = await rulesOf(format, named);
      assert(
        rules.every((rule) =>
          /^alert (?:http|dns|tcp|udp|ip) [^"]*\((?:[a-z_.]+(?::(?:"[^"]*"|[^";]*))?; ?)+\)$/.test(rule),
        ),
        text,
      );
      const sids = rules.map((rule) => /sid:(\d+)/.exec(rule)![1]);
      assert.equal(new Set(sids).size, sids.length);
      assert(rules.every((rule) => rule.includes('metadata:tlp amber;')));
    }
  });

  test('Suricata and Snort: match the request that was recorded, and not the other', async () => {
    const [rule] = await rulesOf('suricata');
    const [host, path] = contentsOf(rule!);
    assert.equal(host!.toString(), '198.51.100.9');
    const matches = (request_host: string, uri: string): boolean =>
      Buffer.from(request_host).indexOf(host!) === 0 && Buffer.from(uri).indexOf(path!) === 0;
    assert(matches('198.51.100.9', "/a;b?c='d'"));
    assert(!matches('198.51.100.9', '/index.html'));
    assert(!matches('example.org', "/a;b?c='d'"));
    const [snort_path, snort_host] = contentsOf((await rulesOf('snort'))[0]!);
    assert.deepEqual([snort_path, snort_host], [path, host]);
  });

  test('Suricata and Snort: match names that are looked up, commands over telnet, and both kinds of address', async () => {
    const suricata = await rulesOf('suricata', named);
    assert.equal(suricata.length, 5);
    assert.match(
      suricata[0]!,
      /http\.host; content:"bad\.example"; startswith; http\.uri; content:"\/bins\/x\.sh"/,
    );
    assert.match(suricata[1]!, /^alert dns .*dns\.query; content:"bad\.example"; nocase; endswith;/);
    assert.equal(contentsOf(suricata[2]!)[0]!.toString(), telnet);
    assert.match(suricata[3]!, /^alert ip \[203\.0\.113\.7\] any/);
    assert.match(suricata[4]!, /^alert ip \[2001:db8:1:2::9\] any/);
    // A question for BAD.example as it goes over the wire (RFC 1035), and one for another name.
    const question = Buffer.from('\x03bad\x07example\x00\x00\x01\x00\x01', 'latin1');
    const [wire] = contentsOf((await rulesOf('snort', named))[1]!);
    assert.equal(question.indexOf(wire!), 0);
    assert.equal(Buffer.from('\x04nbad\x07example\x00', 'latin1').indexOf(wire!), -1);
    const many: Incident = {
      ...data,
      attacks: [
        {
          ...data.attacks[0]!,
          urls: Array.from({ length: 300 }, (_, index) => `http://198.51.100.9/${index}`),
        },
      ],
    };
    assert.equal((await rulesOf('suricata', many)).length, 100);
    assert.match(await write('suricata', many), /^# 201 more were left out\.$/m);
  });

  test('Sigma: YAML that selects what was typed, wildcards of an attacker being text', async () => {
    const wild = 'rm -rf /tmp/*; echo "what?" \\x41';
    const incident = { ...data, attacks: [{ ...data.attacks[0]!, commands: [wild, 'id'] }] };
    const documents = parseAllDocuments(await write('sigma', incident)).map((document) => document.toJS());
    assert.deepEqual(
      documents.map(({ logsource }) => logsource.category),
      ['process_creation', 'proxy'],
    );
    const [rule] = documents;
    assert.match(rule.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rule.tags, ['attack.t1105', 'tlp.amber']);
    // Sigma's own escapes taken back, a value is the text that must be found.
    const values: string[] = rule.detection.selection['CommandLine|contains'].map((value: string) =>
      value.replaceAll(/\\([\\*?])/g, '$1'),
    );
    const selects = (line: string): boolean => values.some((value) => line.includes(value));
    assert(selects(`sh -c ${wild}`));
    assert(!selects('rm -rf /tmp/other; echo what'));
  });

  test('nftables: the sources are in the sets, others are not', { skip: no_nft }, async () => {
    const text = await write('nftables');
    assert.match(text, /^# Validated by nft nftables v/m);
    const file = join(directory, 'sets');
    writeFileSync(file, text);
    const inside = (set: string, address: string): boolean => {
      const script = `nft -f ${file} && nft get element inet apiary_incident_12 ${set} '{ ${address} }'`;
      return (
        spawnSync('unshare', ['--map-root-user', '--net', 'sh', '-c', script], {
          env: { PATH: `${process.env.PATH}:/usr/sbin` },
        }).status === 0
      );
    };
    assert(inside('sources4', '203.0.113.7') && inside('sources6', '2001:db8:1:2::9'));
    assert(!inside('sources4', '203.0.113.8') && !inside('sources6', '2001:db8:1:2::8'));
  });

  test('YARA: the file and its next build match, other programs do not', { skip: no_yara }, async () => {
    const build = (version: string): Buffer =>
      Buffer.concat([
        Buffer.from('7f454c4601010100', 'hex'),
        Buffer.alloc(64),
        Buffer.from(
          `${version}\0/bin/busybox TSUNAMI\0GET /bins/%s HTTP/1.1\0say "hi" \\ there\0POST /cdn-cgi/\0killall -9 telnetd\0stratum+tcp://pool\0on secret-pot 1234\0`,
        ),
        Buffer.alloc(200, 1),
      ]);
    const content = await examine(build('version one 1.0'));
    const other = 'ee'.repeat(32);
    const incident = { ...data, attacks: [{ ...data.attacks[0]!, files: [content.sha256, other] }] };
    const text = await write('yara', incident, [content]);
    assert.match(text, /^\/\/ Validated by yara 4/m);
    assert.doesNotMatch(text, /secret-pot/);
    assert.match(text, new RegExp(`hash\\.sha256\\(0, filesize\\) == "${other}"`));
    const rules = join(directory, 'rules.yar');
    writeFileSync(rules, text);
    const matches = (name: string, bytes: Buffer): boolean => {
      const path = join(directory, name);
      writeFileSync(path, bytes);
      const { stdout, status } = spawnSync('yara', [rules, path], { encoding: 'utf8' });
      assert.equal(status, 0);
      return stdout.includes('apiary_incident_12_');
    };
    assert(matches('same', build('version one 1.0')));
    assert(matches('next', build('version two 2.0')));
    assert(!matches('busybox', readFileSync('/bin/busybox').subarray(0, build('').length)));
    assert(!matches('text', Buffer.from(build('x').subarray(72, 100))));
  });

  test('what could not be checked, or is wrong, says so', { skip: no_yara }, async () => {
    assert.match(await write('snort'), /^# Unvalidated: this server knows no program/m);
    assert.match(
      await write('sigma', { ...data, attacks: [] }),
      /Nothing was seen that such a rule could match\.\n$/,
    );
    const absent = { program: 'no-such-program', version: [], check: (): [string, string[]] => ['', []] };
    assert.match(await validate(absent, ''), /^Unvalidated: no-such-program is not installed/);
    const wrong = await validate(checkers.yara, 'rule x { condition: nothing } // \u0007\n');
    assert.match(wrong, /^INVALID, as yara says: .*undefined/);
    assert.match(wrong, /^[\x20-\x7e]+$/);
  });
});
