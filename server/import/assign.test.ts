import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streams } from '@apiary/submodules/streams.ts';
import { byTables, candidatesFor, plainName } from './assign.ts';

const best = (path: string): string => {
  const [first] = candidatesFor(path, streams);
  return first === undefined ? '' : `${first.type} ${first.key} ${first.fit}`;
};

test('a file is known by the end of its path, whatever rotation made of its name', () => {
  const cases: [string, string][] = [
    ['/data/cowrie/log/cowrie.json', 'cowrie json 4'],
    ['/data/cowrie/log/cowrie.json.3.gz', 'cowrie json 4'],
    ['/data/cowrie/log/cowrie.json.2022-06-01.gz', 'cowrie json 4'],
    ['/old/cowrie-20260131.json.xz', 'cowrie json 1'],
    ['/backup/lib/cowrie/tty/0a1b', 'cowrie ttylogs 4'],
    ['/data/conpot/log/conpot_IEC104.json.1.gz', 'conpot json 4'],
    ['/data/dionaea/log/dionaea.sqlite.9.gz', 'dionaea sqlite 4'],
    ['/old/dionaea_incident.json', 'dionaea incident 1'],
    ['/data/dionaea/log/dionaea.json.2.gz', 'dionaea json 4'],
    ['/backup/conpot/logs/conpot.db', 'conpot sqlite 3'],
    ['/data/ddospot/db/ssdpot.sqlite3', 'ddospot sqlite 4'],
    ['/opt/kippo/log/kippo.log.42.gz', 'kippo log 4'],
    ['/opt/kippo/log/kippo-textlog.log', 'kippo textlog 4'],
    ['/var/log/snort/alerts.json', 'snort unified2 4'],
    ['/data/dionaea/bistreams/2022-05-28/httpd-80-192.0.2.1-abc', 'dionaea bistreams 5'],
    ['/x/notes.txt', ''],
    ['/x/README', ''],
  ];
  for (const [path, expected] of cases) assert.equal(best(path), expected, path);
  // Several types have such a folder: which it is, the logs beside it say.
  const types = candidatesFor('/x/dl/20261123_http___x', streams).map(({ type }) => type);
  assert.ok(types.includes('kippo') && types.includes('ipphoney') && !types.includes('cowrie'));
});

test('rotated brothers have the same plain name', () => {
  const names = ['a.json', 'a.json.1', 'a.json.22.gz', 'a.json-20260131', 'a.json.2026-01-31.zst'];
  assert.deepEqual([...new Set(names.map(plainName))], ['a.json']);
  assert.equal(plainName('conpot_IEC104.json'), 'conpot_IEC104.json');
});

test('a dump with tables that a type does not know is not its own, unless the type was named', () => {
  const file = { path: '', shown: '', form: 'mysqldump' as const, head: [], trouble: '' };
  const kippo = ['auth', 'clients', 'input', 'sensors', 'sessions', 'ttylog', 'downloads'];
  assert.deepEqual(byTables({ ...file, tables: kippo }, streams), { type: 'kippo', key: 'mysql' });
  // Cowrie has Kippo's tables and four more.
  const cowrie = [...kippo, 'keyfingerprints', 'params', 'ipforwards', 'ipforwardsdata'];
  assert.deepEqual(byTables({ ...file, tables: cowrie }, streams), { type: 'cowrie', key: 'mysql' });
  const database = { ...file, form: 'sqlite' as const, tables: cowrie };
  assert.deepEqual(byTables(database, streams), { type: 'cowrie', key: 'sqlite' });
  const more = [...kippo, 'of_another_program'];
  assert.equal(byTables({ ...file, tables: more }, streams), undefined);
  const named = streams.filter(({ name }) => name === 'kippo');
  assert.deepEqual(byTables({ ...file, tables: more }, named), { type: 'kippo', key: 'mysql' });
});
