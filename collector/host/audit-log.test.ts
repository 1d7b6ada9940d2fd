import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { AuditEvents, AuditLog } from './audit-log.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-audit-'));
after(() => rmSync(root, { recursive: true, force: true }));

const call = (serial: number, more = ''): string =>
  `type=SYSCALL msg=audit(1795461236.397:${serial}): arch=c000003e syscall=59 success=yes exit=0 a0=7f a1=7f items=2 ppid=90 pid=91 auid=4294967295 uid=33 gid=33 euid=0 tty=pts1 ses=4294967295 comm="x" exe="/bin/busybox" key="apiary"${more}`;

describe('the log of the audit daemon', () => {
  it('puts the lines of an execution together, quoted, hexadecimal and in pieces', () => {
    const events = new AuditEvents();
    const lines = [
      call(1, '\x1dARCH=x86_64 SYSCALL=execve UID="root"'),
      'type=EXECVE msg=audit(1795461236.397:1): argc=5 a0="sh" a1=2D6320C3A9 a2="1" a3_len=9 a3[0]="abc" a3[1]=20646566',
      'type=EXECVE msg=audit(1795461236.397:1): a3[2]="gh" a4=""',
      'type=CWD msg=audit(1795461236.397:1): cwd=2F746D702F6120',
      'type=PROCTITLE msg=audit(1795461236.397:1): proctitle=7368',
    ];
    const [one, ...others] = lines.flatMap((line) => events.take(line));
    assert.deepEqual(others, []);
    assert.deepEqual(one, {
      ...{ time_ms: 1_795_461_236_397, serial: '1', pid: 91, ppid: 90, uid: 33, euid: 0, tty: 'pts1' },
      ...{ exe: '/bin/busybox', cwd: '/tmp/a ', args: ['sh', '-c é', '1', 'abc defgh', ''], is_done: true },
    });
    // A call without EXECVE is none.
    assert.deepEqual(events.take(call(2)), []);
    assert.ok(events.is_open);
    assert.deepEqual(events.flush(), []);
    assert.ok(!events.is_open);
    assert.deepEqual(events.take('type=EXECVE msg=audit(nonsense): a0="x"'), []);
  });

  it('tells two executions apart whose lines two processors wrote in turn', () => {
    const events = new AuditEvents();
    const executed = (serial: number): string =>
      `type=EXECVE msg=audit(1795461236.397:${serial}): argc=1 a0="of${serial}"`;
    const ended = (serial: number): string =>
      `type=PROCTITLE msg=audit(1795461236.397:${serial}): proctitle="x"`;
    const lines = [call(1), call(2), executed(1), executed(2), ended(2), call(3), ended(1), executed(3)];
    const args = (list: { args: string[] }[]): string[] => list.flatMap((one) => one.args);
    assert.deepEqual(args(lines.flatMap((line) => events.take(line))), ['of2', 'of1']);
    // Of the third no end was written: an event of later time ends it.
    assert.deepEqual(args(events.take(call(4).replace('1795461236', '1795461240'))), ['of3']);
  });

  it('goes on over a rotation and after a restart, and begins at the end', () => {
    const path = join(root, 'audit.log');
    writeFileSync(path, 'old\n');
    const log = new AuditLog(path);
    appendFileSync(path, 'one\ntwo\nhal');
    assert.deepEqual(log.read(), ['one', 'two']);
    const { position } = log;
    appendFileSync(path, 'f\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'three\n');
    assert.deepEqual(log.read(), ['half']);
    assert.deepEqual(log.read(), ['three']);
    log.close();
    renameSync(`${path}.1`, path);
    const again = new AuditLog(path, position);
    assert.deepEqual(again.read(), ['half']);
    again.close();
  });
});
