import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readStatus, showStatus } from './status.ts';
import { NumberedLog, Rig } from './testing/rig.ts';
import { until } from './testing/until.ts';

const noise = (): string => Array.from({ length: 200 }, () => Math.random().toString(36).slice(2)).join('');

/** Waits until a number stays the same for a while. */
async function settled(read: () => number): Promise<number> {
  for (let last = Number.NaN; ; ) {
    const now = read();
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
}

const busy = {
  status: 503,
  value: { error: { code: 'journal_full', message: 'full', remedy: '', details: { retry_after_ms: 50 } } },
};

describe('collector under faults', { concurrency: true }, () => {
  let rig: Rig;
  /** Sensors whose batches the gateway does not take now. */
  const shut = new Set<string>();
  before(async () => {
    rig = await Rig.make();
    rig.gateway.intercept = (header) => (shut.has(header.sensor) ? busy : undefined);
  });
  after(() => rig.end());

  const yaml = (name: string, extra: string): string =>
    `sensors:\n  - { name: ${name}, type: cowrie, paths: { json: "${rig.path(`${name}.json`)}" } }\n${extra}`;
  const segmentsOf = (state: string, sensor: string): string[] => {
    const folder = join(rig.path(state), 'spool', sensor);
    const chain = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isDirectory())!.name;
    return readdirSync(join(folder, chain)).map((name) => join(folder, chain, name));
  };

  it('tells a damaged batch in the spool as a gap and sends all others', async () => {
    const log = new NumberedLog('damaged');
    shut.add('damaged');
    const path = rig.path('damaged.json');
    writeFileSync(path, '');
    let running = await rig.start('damaged', yaml('damaged', 'limits: { records_max: 100 }'));
    for (let i = 0; i < 5; i++) {
      appendFileSync(path, log.lines(100));
      await until(() => running.status().sensors[0]!.waiting_records === (i + 1) * 100);
    }
    await rig.stop(running);
    const [segment] = segmentsOf('damaged', 'damaged');
    const bytes = readFileSync(segment!);
    let third = 0;
    for (let i = 0; i < 3; i++) third = bytes.indexOf('APE1', third + 4);
    bytes[third - 10]! ^= 0xff;
    writeFileSync(segment!, bytes);
    shut.delete('damaged');
    running = await rig.start('damaged', yaml('damaged', 'limits: { records_max: 100 }'));
    const gaps = () => rig.gateway.gaps.filter((gap) => gap.source === path);
    await until(() => gaps().length === 1 && rig.gateway.texts('damaged').length === 400);
    const start = log.written.slice(0, 200).join('\n').length + 1;
    const end = log.written.slice(0, 300).join('\n').length + 1;
    const [{ from, to, reason }] = gaps() as [(typeof rig.gateway.gaps)[0]];
    assert.deepEqual({ from, to, reason }, { from: String(start), to: String(end), reason: 'spool_lost' });
    const kept = [...log.written.slice(0, 200), ...log.written.slice(300)];
    assert.deepEqual(rig.gateway.texts('damaged').sort(), kept.sort());
    assert.equal(running.status().sensors[0]!.lost, 100);
    await rig.stop(running);
  });

  it('stops reading when its share is full, and the source waits without loss', async () => {
    shut.add('full');
    const path = rig.path('full.json');
    const lines: string[] = [];
    for (let i = 0; i < 2500; i++) lines.push(`${i} ${noise()}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const limits = 'spool: { bytes_max: 2MiB }\nlimits: { line_bytes_max: 64KiB, batch_bytes_max: 512KiB }';
    const running = await rig.start('full', yaml('full', limits));
    const state = () => running.status().sensors[0]!;
    await until(() => /the source waits/.test(state().detail));
    const read = await settled(() => state().read);
    assert.ok(read > 0 && read < 2500, `${read} lines read`);
    assert.match(state().detail, /the source waits/);
    assert.ok(running.status().spool_bytes <= 2 * 1024 * 1024);
    shut.delete('full');
    await until(() => rig.gateway.texts('full').length === 2500);
    assert.deepEqual(rig.gateway.texts('full').sort(), lines.sort());
    assert.deepEqual(
      rig.gateway.gaps.filter((gap) => gap.source === path),
      [],
    );
    await rig.stop(running);
  });

  it('counts what rotation takes away while its share is full', async () => {
    shut.add('taken');
    const path = rig.path('taken.json');
    const text = Array.from({ length: 2500 }, (_, index) => `${index} ${noise()}`);
    writeFileSync(path, `${text.join('\n')}\n`);
    const size = readFileSync(path).length;
    const limits = 'spool: { bytes_max: 1MiB }\nlimits: { line_bytes_max: 16KiB, batch_bytes_max: 512KiB}';
    const running = await rig.start('taken', yaml('taken', limits));
    await until(() => /the source waits/.test(running.status().sensors[0]!.detail));
    const offset = await settled(() => running.status().followed[0]!.offset);
    assert.ok(offset > 0 && offset < size);
    // Truncated in place: not even the open file has the rest any more.
    writeFileSync(path, 'a new life\n');
    await until(() => running.status().sensors[0]!.lost === 1);
    shut.delete('taken');
    const gaps = () => rig.gateway.gaps.filter((gap) => gap.source === path);
    await until(() => gaps().length === 1);
    assert.deepEqual(
      [gaps()[0]!.from, gaps()[0]!.to, gaps()[0]!.reason],
      [String(offset), String(size), 'rotated_away'],
    );
    await until(() => rig.gateway.texts('taken').includes('a new life'));
    unlinkSync(path);
    await rig.stop(running);
  });

  it('goes on by itself when the server comes back, and its status tells a person how it stands', async () => {
    const log = new NumberedLog('away');
    writeFileSync(rig.path('away.json'), log.lines(10));
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    rig.gateway.enrolHere(rig.path('away'), port);
    const watch = 'watch: { process: no-such-honeypot }';
    const text = `sensors:\n  - { name: away, type: cowrie, paths: { json: "${rig.path('away.json')}" }, ${watch} }\n`;
    const running = await rig.startEnrolled('away', text);
    await until(() => running.status().sensors[0]!.waiting_records === 10);
    await until(() => running.status().uplink_trouble !== '');
    await until(() => (readStatus(rig.path('away'))?.sensors[0]?.waiting_records ?? 0) === 10);
    const { lines, is_well } = showStatus(readStatus(rig.path('away'))!, Date.now());
    assert.equal(is_well, false);
    const shown = lines.join('\n');
    assert.match(shown, /^Running for \d+ s, process \d+/);
    assert.match(shown, /PROBLEM: 127\.0\.0\.1:\d+: nothing listens there/);
    assert.match(shown, /Sensor away: dead/);
    assert.match(shown, /no process no-such-honeypot/);
    assert.match(shown, /waiting 10 records/);
    assert.match(shown, /follows .*away\.json: read to its end/);
    const hostile = showStatus(
      {
        ...readStatus(rig.path('away'))!,
        gateway: 'evil\u001b]0;title\u0007\nSensor other: live\u202e',
      },
      Date.now(),
    ).lines.join('\n');
    assert.match(hostile, /evil\\u001b\]0;title\\u0007\\u000aSensor other: live\\u202e/);
    const late = showStatus(readStatus(rig.path('away'))!, Date.now() + 60_000).lines.join('\n');
    assert.match(late, /^STUCK: process/);
    await rig.stop(running);
    const stopped = showStatus(readStatus(rig.path('away'))!, Date.now());
    assert.match(stopped.lines[0]!, /^Stopped/);
    rig.gateway.enrolHere(rig.path('away'));
    const again = await rig.startEnrolled('away', text);
    await until(() => rig.gateway.texts('away').length === 10);
    await rig.stop(again);
  });

  it('keeps the reason of the last refusal of TLS for its status', async () => {
    const path = rig.path('foreign.json');
    writeFileSync(path, 'x\n');
    rig.gateway.enrolHere(rig.path('foreign'));
    const file = rig.path('foreign/enrolment.json');
    const enrolment = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...enrolment, gateway_name: 'another.test.invalid' }));
    const running = await rig.startEnrolled('foreign', yaml('foreign', ''));
    await until(() => running.status().tls_refusal !== '');
    assert.match(running.status().tls_refusal, /the certificate of the server is for DNS:g\.test\.invalid/);
    assert.equal(rig.gateway.texts('foreign').length, 0);
    await rig.stop(running);
  });
});
