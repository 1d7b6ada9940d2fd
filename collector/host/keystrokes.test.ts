/** Lines of the kernel's terminal audit, as auditd writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTyped } from './keystrokes.ts';

const line = (rest: string): string =>
  `type=TTY msg=audit(1795708078.604:3673): tty pid=6193 uid=0 auid=4294967295 ses=4294967295 ${rest}`;

test('a record says when, who, where and what, byte by byte', () => {
  assert.deepEqual(readTyped(line('major=136 minor=3 comm="sh" data=6563686F0A')), {
    ...{ time_ms: 1_795_708_078_604, serial: '3673', pid: 6193, uid: 0 },
    ...{ terminal: 'pts/3', program: 'sh', data: '6563686f0a' },
  });
  assert.equal(readTyped(`node=pot ${line('major=4 minor=1 comm="login" data=FF00')}`)?.terminal, 'tty1');
  assert.equal(readTyped(line('major=137 minor=2 comm="sh" data=0A'))?.terminal, 'pts/258');
  assert.equal(readTyped(line('major=204 minor=64 comm="sh" data=0A'))?.terminal, '204:64');
});

test('a name with a space comes in hexadecimal', () => {
  assert.equal(readTyped(line('major=136 minor=0 comm=6120622063 data=0A'))?.program, 'a b c');
});

test('other records, and cut ones, are nothing', () => {
  for (const other of [
    'type=SYSCALL msg=audit(1795708078.604:3673): arch=c000003e syscall=59 success=yes',
    'type=USER_TTY msg=audit(1795708078.604:3673): tty pid=1 uid=0 data=0A',
    line('major=136 minor=0 comm="sh" data='),
    line('major=136 minor=0 comm="sh" data=6'),
    line('major=136 minor=0 comm="sh').slice(0, -1),
    '',
  ])
    assert.equal(readTyped(other), null, other);
});
