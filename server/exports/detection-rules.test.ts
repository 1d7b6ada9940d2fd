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
    writeIncident(state, incident, format, 'amber', now_ms, [], contents).then(({ text }) => text);
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
    assert.equal(rule!.match(/startswith; endswith;/g)?.length, 2);
    const matches = (request_host: string, uri: string): boolean =>
      Buffer.from(request_host).equals(host!) && Buffer.from(uri).equals(path!);
    assert(matches('198.51.100.9', "/a;b?c='d'"));
    assert(!matches('198.51.100.9', '/index.html'));
    assert(!matches('example.org', "/a;b?c='d'"));
    const [snort] = await rulesOf('snort');
    const [snort_path, snort_host] = contentsOf(snort!);
    assert.deepEqual(snort_path, path);
    assert.equal(snort_host!.toString(), 'Host: 198.51.100.9\r\n');
    assert.match(snort!, new RegExp(`http_raw_uri; urilen:${path!.length},raw;`));
  });

  test('Suricata and Snort: match names that are looked up, commands over telnet, and both kinds of address', async () => {
    const suricata = await rulesOf('suricata', named);
    assert.equal(suricata.length, 5);
    assert.match(
      suricata[0]!,
      /http\.host; content:"bad\.example"; startswith; endswith; http\.uri\.raw; content:"\/bins\/x\.sh"; startswith; endswith;/,
    );
    assert.match(
      suricata[1]!,
      /^alert dns .*dns\.query; content:"bad\.example"; nocase; startswith; endswith;/,
    );
    assert.equal(contentsOf(suricata[2]!)[0]!.toString(), telnet);
    assert.match(suricata[3]!, /^alert ip \[203\.0\.113\.7\] any/);
    assert.match(suricata[4]!, /^alert ip \[2001:db8:1:2::9\] any/);
    // A question for bad.example as it goes over the wire (RFC 1035), and ones for other names.
    const [header, name] = await rulesOf('snort', named);
    assert.match(header!, /content:"Host\|3A\| Bad\.Example\|3A\|8080\|0D 0A\|"; http_header; nocase;/);
    const [wire] = contentsOf(name!);
    const [, offset, depth] = /offset:(\d+); depth:(\d+);/.exec(name!)!.map(Number);
    const asks = (question: string): boolean => {
      const message = Buffer.concat([Buffer.alloc(12), Buffer.from(question, 'latin1')]);
      const at = message.subarray(offset, offset! + depth!).indexOf(wire!);
      return at !== -1;
    };
    assert(asks('\x03bad\x07example\x00\x00\x01\x00\x01'));
    assert(!asks('\x04nbad\x07example\x00\x00\x01\x00\x01'));
    assert(!asks('\x03not\x03bad\x07example\x00\x00\x01\x00\x01'));
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

  /** What an attacker may type so that a rule would match everybody, or none. */
  const traps: Incident = {
    ...data,
    attacks: [
      {
        ...data.attacks[0]!,
        service: 'telnet',
        commands: [
          ' '.repeat(40),
          `${' '.repeat(300)}cat /proc/mounts; rm -rf x`,
          '\0'.repeat(40),
          'A'.repeat(40),
          'echo \ufffd\ufffd of bytes that were no UTF-8',
          '',
        ],
        urls: [
          'http://a/',
          'http://w',
          'http://t.co/',
          'http://../x',
          'http:///',
          'ftp://',
          'http://1.2.3.4',
        ],
        files: ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      },
    ],
  };

  test('make nothing of what everybody has: blanks, padding, beginnings of names, the empty file', async () => {
    for (const format of ['suricata', 'snort'] as const) {
      const rules = await rulesOf(format, traps);
      assert.deepEqual(
        rules.filter((rule) => rule.includes('over telnet')),
        [],
      );
      for (const rule of rules.filter((one) => one.includes('download')))
        assert.match(rule, format === 'snort' ? /"Host\|3A\| [^"]+\|0D 0A\|"/ : /startswith; endswith; http/);
      const [name, ...others] = rules.filter((one) => one.includes(' name '));
      assert.deepEqual(others, []);
      assert.match(
        name!,
        format === 'snort' ? /offset:12; depth:6;/ : /"t\.co"; nocase; startswith; endswith;/,
      );
    }
    assert.match(await write('yara', traps), /Nothing was seen that such a rule could match\.\n$/);
    const documents = parseAllDocuments(await write('sigma', traps)).map((document) => document.toJS());
    assert.deepEqual(
      documents.map(({ detection }) => detection.selection),
      [
        { 'CommandLine|contains': [traps.attacks[0]!.commands[1]!] },
        { 'c-uri|contains': ['http://1.2.3.4/'] },
      ],
    );
    for (const format of ['stix', 'misp', 'csv', 'idea', 'idmef', 'idmefv2'] as const)
      assert.doesNotMatch(await write(format, traps), /e3b0c44298fc/, format);
    assert.match(await write('nftables', { ...data, attacks: [] }), /Nothing was seen that such a rule/);
  });

  test('Suricata and Snort: numbers that no provider of rules has, also of late incidents', async () => {
    const late = { ...data, incident: { ...data.incident, number: 4_294_967 } };
    for (const rule of await rulesOf('suricata', late)) {
      const sid = Number(/sid:(\d+)/.exec(rule)![1]);
      // Emerging Threats has 2,000,000 to 2,999,999, others follow (sidallocation.org); a number has 32 bits.
      assert(sid >= 1_000_000_000 && sid < 2 ** 32, String(sid));
    }
  });

  test('Sigma: only characters that YAML takes, whatever was typed', async () => {
    const typed = 'echo \u007f\u0080\u009f\u2028\ufeff\uffff\ud800 of the delete key';
    const text = await write('sigma', { ...data, attacks: [{ ...data.attacks[0]!, commands: [typed] }] });
    // YAML 1.1 and 1.2, c-printable.
    assert.match(text, /^[\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufffd]*$/);
    const plain = await write('sigma', {
      ...data,
      attacks: [{ ...data.attacks[0]!, commands: ['echo \u007f\u009b of the delete key'] }],
    });
    assert.deepEqual(parseAllDocuments(plain)[0]!.toJS().detection.selection, {
      'CommandLine|contains': ['echo \u007f\u009b of the delete key'],
    });
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
