import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SyslogFramer, stripHeader } from './syslog-frames.ts';

const max = 64;

/** Pushes the bytes in pieces of every size; all must give the same. */
function frame(text: string, message_max = max): { texts: string[]; sizes: number[]; is_sound: boolean } {
  const bytes = Buffer.from(text, 'latin1');
  let first: { texts: string[]; sizes: number[]; is_sound: boolean } | undefined;
  for (const piece of [1, 2, 3, 7, bytes.length || 1]) {
    const framer = new SyslogFramer(message_max);
    const frames = [];
    let is_sound = true;
    for (let at = 0; at < bytes.length && is_sound; at += piece) {
      const some = framer.push(bytes.subarray(at, at + piece));
      is_sound = some.is_sound;
      frames.push(...some.frames);
    }
    if (is_sound) frames.push(...framer.end());
    const found = {
      texts: frames.map(
        (one) =>
          `${one.bytes.toString('latin1')}${one.is_cut ? '[cut]' : ''}${one.is_unended ? '[open]' : ''}`,
      ),
      sizes: frames.map((one) => one.original_size),
      is_sound,
    };
    first ??= found;
    assert.deepEqual(found, first, `in pieces of ${piece}`);
  }
  return first!;
}

describe('syslog on a stream', () => {
  it('cuts messages at newlines, and the last at the end', () => {
    assert.deepEqual(frame('<34>one\n<34>two words\n\n<34>three'), {
      texts: ['<34>one', '<34>two words', '<34>three[open]'],
      sizes: [7, 13, 9],
      is_sound: true,
    });
  });

  it('cuts counted messages, newlines and all', () => {
    assert.deepEqual(frame('8 <34>a\nbc7 <34>xyz'), {
      texts: ['<34>a\nbc', '<34>xyz'],
      sizes: [8, 7],
      is_sound: true,
    });
  });

  it('tells a counted message that the connection cut', () => {
    assert.deepEqual(frame('20 <34>only').texts, ['<34>only[cut][open]']);
  });

  it('takes a line that begins with digits for a line', () => {
    assert.deepEqual(frame('2026-11-23 log in\n12 monkeys\n').texts, ['2026-11-23 log in', '12 monkeys']);
  });

  it('keeps the beginning of what is too long, and all that follows', () => {
    const long = `<34>${'x'.repeat(200)}`;
    assert.deepEqual(frame(`${long}\n<34>next\n`), {
      texts: [`${long.slice(0, max)}[cut]`, '<34>next'],
      sizes: [204, 8],
      is_sound: true,
    });
    assert.deepEqual(frame(`204 ${long}8 <34>next`), {
      texts: [`${long.slice(0, max)}[cut]`, '<34>next'],
      sizes: [204, 8],
      is_sound: true,
    });
  });

  it('ends a connection whose counts are none', () => {
    assert.equal(frame('5 <34>abroken').is_sound, false);
    assert.equal(frame('5 <34>a999999999 ').is_sound, false);
  });

  it('holds no more than a message, whatever comes', () => {
    const framer = new SyslogFramer(max);
    for (let index = 0; index < 1000; index += 1)
      assert.deepEqual(framer.push(Buffer.alloc(10_000, 'x')).frames, []);
    const [frame_of_all] = framer.push(Buffer.from('\n')).frames;
    assert.equal(frame_of_all!.original_size, 10_000_000);
    assert.equal(frame_of_all!.bytes.length, max);
  });
});

describe('header of syslog', () => {
  // The examples are those of RFC 5424, 6.5, and RFC 3164, 5.4.
  const cases: [string, string][] = [
    [
      "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xef\xbb\xbf'su root' failed",
      "'su root' failed",
    ],
    ['<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It is', '%% It is'],
    [
      '<165>1 2003-10-11T22:14:15.003Z host app - ID47 [a@1 iut="3" s="say \\"]\\""][b@2 c="high"] An entry',
      'An entry',
    ],
    ['<165>1 2003-10-11T22:14:15.003Z host app - ID47 [a@1 iut="3"]', ''],
    ["<34>Oct 11 22:14:15 mymachine su: 'su root' failed on /dev/pts/8", "'su root' failed on /dev/pts/8"],
    ['<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!', 'Use the BFG!'],
    ['<38>Nov 23 05:00:01 web sshd[4711]: Failed password for root', 'Failed password for root'],
    ['<134>cowrie: {"eventid":"cowrie.session.connect"}', '{"eventid":"cowrie.session.connect"}'],
    ['<134>{"eventid":"cowrie.session.connect"}', '{"eventid":"cowrie.session.connect"}'],
    ['no header at all', 'no header at all'],
  ];
  for (const [message, expected] of cases)
    it(`of ${JSON.stringify(message.slice(0, 40))}`, () => {
      assert.equal(stripHeader(Buffer.from(message, 'latin1')).toString('latin1'), expected);
    });

  it('is looked for in little time, however hostile', () => {
    const began_ms = performance.now();
    for (const part of ['[a="\\', '["', '[', '\\"]', '[a b="c"]', '<1>'])
      stripHeader(Buffer.from(`<165>1 - h a - - ${part.repeat(20_000)}`));
    assert.ok(performance.now() - began_ms < 1000);
  });
});
