/** What is mistyped is refused, with the usage of what was tried; what is told on a terminal cannot steer it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { options, readArguments, refuseMoreWords, refuseOthers, usageOf } from './command-line.ts';
import { commands, makePrintable, usage } from './commands.ts';

test('an option is one that there is, and what counts once is given once', () => {
  const { values, positionals } = readArguments(['erase', '--sensor', 'a', '--sensor=b', '--yes']);
  assert.deepEqual([positionals, values.sensor, values.yes], [['erase'], ['a', 'b'], true]);
  assert.throws(() => readArguments(['erase', '--souce', 'x']), /--souce/);
  assert.throws(
    () => readArguments(['erase', '--source', '192.0.2.1', '--source=192.0.2.2']),
    /^Error: --source is given twice$/,
  );
});

test('an option of another command is refused, since it would be left out in silence', () => {
  const { values } = readArguments(['erase', '--sensor', 'ssh', '--from', '2026-01-01', '--data', 'x']);
  assert.throws(
    () => refuseOthers('erase', values, commands.erase!.options!),
    /^Error: apiary erase has no --from: it has --source, --before, --sensor, --reference, --yes$/,
  );
  refuseOthers('x', readArguments(['x', '--data', 'd', '--config', 'c']).values, []);
  assert.throws(
    () => refuseOthers('user list', { json: true }, []),
    /no --json: it has no options of its own/,
  );
  assert.throws(
    () => refuseMoreWords(['erase', '192.0.2.1'], 1),
    /^Error: "192.0.2.1" is one word too many$/,
  );
});

test('each command takes the options that the usage names for it', () => {
  const ends = usage.indexOf('\n  --data');
  const heads = usage
    .slice(0, ends)
    .split(/\n(?= {2}apiary )/)
    .slice(1);
  for (const [name, { options: own = [], order }] of Object.entries(commands)) {
    const told = heads.filter((head) => {
      const [first = '', second = ''] = head.trim().split(/\s+/).slice(1);
      return name === (name.includes(' ') ? `${first} ${second}` : first) && !/apiary verify FILE/.test(head);
    });
    const named = new Set(
      told.flatMap((head) => [...head.matchAll(/--([a-z-]+)/g)].map(([, option = '']) => option)),
    );
    assert.deepEqual([...named].sort(), [...own].sort(), `${name} (${order})`);
    for (const option of own) assert.ok(option in options, option);
  }
});

test('the usage of a mistyped command is its own', () => {
  assert.match(
    usageOf(['erase', '--from', 'x']),
    /^ {2}apiary erase \[--source[^\n]*\n[^\n]*shows what would go[^\n]*\n$/,
  );
  assert.match(usageOf(['--data', 'x', 'erase', '--souce=x']), /^ {2}apiary erase /);
  assert.match(usageOf(['user', 'add']), /^ {2}apiary user add NAME[^\n]*\n$/);
  assert.match(usageOf(['user', 'ad']), /^ {2}apiary user add [\s\S]*apiary user list\n$/);
  assert.equal(usageOf(['beekeeper']), usage);
  assert.equal(usageOf([]), usage);
});

test('no control character, and none that turns the direction, reaches a terminal', () => {
  assert.equal(
    makePrintable('a\x1b[31mred\r\u202e\u009b2J\tb\nc'),
    'a[ESC][31mred[CR][U+202E][U+009B]2J[TAB]b\nc',
  );
  assert.equal(makePrintable('a\tb\x07', '\t'), 'a\tb[BEL]');
});
