import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readStatus, showStatus } from './status.ts';

const whole = {
  ...{ written_ms: 5, started_ms: 1, pid: 4_194_304, heartbeat_answered_ms: 0, certificate_ends_ms: 9 },
  ...{ collector: 'c', gateway: 'g:1', uplink_trouble: '', heartbeat_trouble: '', tls_refusal: '' },
  ...{ tls_refusal_ms: 0, sensors_allowed: null, followed: [], sensors: [], version: '0.1.0' },
  ...{ memory_bytes: 1, spool_bytes: 0, spool_bytes_max: 1, offset_ms: 0 },
};

const runCommand = (...args: string[]): string => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  try {
    return execFileSync(process.execPath, [main, ...args], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
};

describe('the status of a collector', () => {
  const dir = mkdtempSync(join(tmpdir(), 'apiary-status-'));
  const write = (value: unknown): void =>
    writeFileSync(join(dir, 'status.json'), typeof value === 'string' ? value : JSON.stringify(value));

  it('is none where the file is torn or of another shape, and the command says so', () => {
    assert.equal(readStatus(dir), undefined);
    assert.match(runCommand('status', '--dir', dir), /^Never run: there is no status/);
    write(whole);
    assert.match(showStatus(readStatus(dir)!, 10).lines.join('\n'), /NOT RUNNING/);
    for (const other of ['', '{"written_ms":5,', 'null', '[]', '7', '{}']) {
      write(other);
      assert.equal(readStatus(dir), undefined, other);
    }
    for (const name of ['written_ms', 'pid', 'followed', 'sensors', 'sensors_allowed', 'collector']) {
      write({ ...whole, [name]: undefined });
      assert.equal(readStatus(dir), undefined, name);
    }
    write({ ...whole, sensors: [null] });
    assert.equal(readStatus(dir), undefined);
    assert.match(runCommand('status', '--dir', dir), /^Not known: .*status\.json is torn, or of another/);
  });

  it('is told to be without enrolment when the configuration is checked', () => {
    const text = `sensors:\n  - { name: one, type: cowrie, paths: { json: ${join(dir, 'cowrie.json')} } }\n`;
    writeFileSync(join(dir, 'collector.yaml'), text);
    assert.match(
      runCommand('check', '--dir', dir),
      /is right: 1 sensor\.\n.*\n.* is not enrolled: use the command/,
    );
    writeFileSync(join(dir, 'enrolment.json'), '{}');
    assert.doesNotMatch(runCommand('check', '--dir', dir), /enrolled/);
  });
});
