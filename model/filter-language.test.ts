import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FilterNode, FilterSyntaxError, parseFilter } from './filter-language.ts';

/** A node as a line: easy to compare, hard to get wrong. */
function show(node: FilterNode | null): string {
  if (node === null) return '';
  if (node.kind === 'term') return `${node.field}${node.operator}${JSON.stringify(node.value)}`;
  if (node.kind === 'not') return `!(${show(node.part)})`;
  return `(${node.parts.map(show).join(node.kind === 'and' ? ' & ' : ' | ')})`;
}

describe('filter language', () => {
  const cases: [text: string, shown: string][] = [
    ['', ''],
    ['   ', ''],
    ['service:ssh', 'service="ssh"'],
    [
      'service:ssh and password:"123456" and not country:SK',
      '(service="ssh" & password="123456" & !(attacker_country="SK"))',
    ],
    ['service:ssh user:root', '(service="ssh" & username="root")'],
    ['service:ssh or service:telnet and user:root', '(service="ssh" | (service="telnet" & username="root"))'],
    ['(service:ssh or service:telnet) user:root', '((service="ssh" | service="telnet") & username="root")'],
    ['service:(ssh or telnet)', '(service="ssh" | service="telnet")'],
    ['command:*wget*', 'commandlike"*wget*"'],
    ['password:"*"', 'password="*"'],
    ['password:"say \\"hi\\" \\\\ there"', 'password="say \\"hi\\" \\\\ there"'],
    ['port>1024 port<=2048', '(destination_port>"1024" & destination_port<="2048")'],
    ['ip:2001:db8::/32', 'attacker_ip="2001:db8::/32"'],
    ['url:http://198.51.100.9:8080/x', 'url="http://198.51.100.9:8080/x"'],
    ['extra.eventid:cowrie.login.failed', 'extra.eventid="cowrie.login.failed"'],
    ['NOT Service:ssh', '!(service="ssh")'],
    ['sensor:cowrie-kosice', 'sensor="cowrie-kosice"'],
    ['username:ěščř', 'username="ěščř"'],
  ];
  for (const [text, shown] of cases)
    test(`reads ${JSON.stringify(text)}`, () => assert.equal(show(parseFilter(text)), shown));

  const mistakes: [text: string, at: number, message: RegExp][] = [
    ['servise:ssh', 0, /no column "servise"; did you mean service/],
    ['service:ssh and', 15, /missing at the end/],
    ['service', 0, /needs ":"/],
    ['service:', 0, /needs a value/],
    ['(service:ssh', 0, /not closed/],
    ['service:ssh)', 11, /closes none/],
    ['password:"abc', 9, /does not end/],
    ['"abc"', 0, /needs its column/],
    ['service:ssh or or user:a', 15, /column was expected/],
    ['service:(ssh telnet)', 8, /not closed/],
  ];
  for (const [text, at, message] of mistakes)
    test(`points at the mistake in ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseFilter(text),
        (error) => {
          assert(error instanceof FilterSyntaxError);
          assert.match(error.message, message);
          assert.equal(error.at, at);
          assert(error.end > error.at);
          return true;
        },
      );
    });

  test('either reads a text or points into it, whatever it is', () => {
    const word = fc.constantFrom(
      'service',
      ':',
      '(',
      ')',
      'and',
      'or',
      'not',
      '"',
      '"a b"',
      'ssh',
      '*',
      '>',
      '\\',
      ' ',
      'extra.',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 60 }).map((list) => list.join(' ')),
        ),
        (text) => {
          try {
            parseFilter(text);
          } catch (error) {
            assert(error instanceof FilterSyntaxError, String(error));
            assert(error.at >= 0 && error.at <= text.length);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('has limits', () => {
    assert.throws(() => parseFilter('('.repeat(100)), FilterSyntaxError);
    assert.throws(() => parseFilter('not '.repeat(1000)), FilterSyntaxError);
    assert.throws(() => parseFilter('service:a '.repeat(300)), FilterSyntaxError);
    assert.throws(() => parseFilter('a'.repeat(5000)), FilterSyntaxError);
  });
});
