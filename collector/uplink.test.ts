import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { NumberedLog, Rig } from './testing/rig.ts';
import { until } from './testing/until.ts';

const refusal = (status: number, code: string, details: Record<string, unknown> = {}) => ({
  status,
  value: { error: { code, message: `refused: ${code}`, remedy: 'mend it', details } },
});

describe('uplink', { concurrency: true }, () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.make();
  });
  after(() => rig.end());

  const yaml = (...names: string[]): string =>
    `sensors:\n${names.map((name) => `  - { name: ${name}, type: cowrie, paths: { json: "${rig.path(`${name}.json`)}" } }\n`).join('')}limits: { records_max: 100 }\n`;

  /** Interceptors by sensor, since the tests run side by side. */
  const intercepts = new Map<string, typeof rig.gateway.intercept>();
  before(() => {
    rig.gateway.intercept = (header) => intercepts.get(header.sensor)?.(header);
  });
  const arrived = (log: NumberedLog): Promise<void> =>
    until(() => rig.gateway.texts(log.name).length === log.written.length);

  it('sends again from where the server asks, though it had acknowledged more', async () => {
    const log = new NumberedLog('again');
    writeFileSync(rig.path('again.json'), log.lines(1000));
    const running = await rig.start('again', yaml('again'));
    await arrived(log);
    await until(() => running.status().sensors[0]!.acknowledged === 1000);
    // The server was set back to its state after the fourth batch.
    const [chain] = [...rig.gateway.chains].filter(([id]) =>
      rig.gateway.headers.some((header) => header.sensor === 'again' && header.spool_id === id),
    );
    const fourth = chain![1].hashes.get(4)!;
    chain![1].seq = 4;
    chain![1].hash = fourth;
    for (const seq of [...chain![1].hashes.keys()]) if (seq > 4) chain![1].hashes.delete(seq);
    const sent_before = rig.gateway.headers.filter((header) => header.sensor === 'again').length;
    writeFileSync(rig.path('again.json'), log.lines(1), { flag: 'a' });
    await arrived(log);
    await until(() => chain![1].seq === 11);
    const again = rig.gateway.headers.filter((header) => header.sensor === 'again').slice(sent_before);
    assert.deepEqual(
      again.map((header) => header.seq),
      [5, 6, 7, 8, 9, 10, 11],
    );
    await rig.stop(running);
  });

  it('waits as long as the server says, and other sensors go on', async () => {
    const slow = new NumberedLog('limited');
    const free = new NumberedLog('free');
    let refused_ms = 0;
    const tries: number[] = [];
    intercepts.set('limited', () => {
      tries.push(Date.now());
      refused_ms ||= Date.now();
      return Date.now() - refused_ms < 900
        ? refusal(429, 'rate_limited', { retry_after_ms: 900 })
        : undefined;
    });
    writeFileSync(rig.path('limited.json'), slow.lines(50));
    writeFileSync(rig.path('free.json'), free.lines(50));
    const running = await rig.start('limited', yaml('limited', 'free'));
    await until(() => rig.gateway.texts('free').length === 50);
    assert.equal(rig.gateway.texts('limited').length, 0);
    await arrived(slow);
    const early = tries.filter((at) => at > refused_ms + 300 && at < refused_ms + 850);
    assert.deepEqual(early, [], 'it asked again before the time was over');
    await rig.stop(running);
  });

  it('keeps a batch that the server refuses for good, tells why, and other sensors go on', async () => {
    const refused = new NumberedLog('unknown');
    const good = new NumberedLog('good');
    let is_refused = true;
    intercepts.set('unknown', () => (is_refused ? refusal(403, 'sensor_unknown') : undefined));
    writeFileSync(rig.path('unknown.json'), refused.lines(50));
    writeFileSync(rig.path('good.json'), good.lines(50));
    const running = await rig.start('refused', yaml('unknown', 'good'), {
      uplink: { refused_retry_ms: 700 },
    });
    await arrived(good);
    const state = () => running.status().sensors.find((sensor) => sensor.sensor === 'unknown')!;
    await until(() => state().refused === 50);
    assert.match(state().detail, /refused: sensor_unknown\. mend it/);
    assert.equal(state().waiting_records, 50);
    is_refused = false;
    await arrived(refused);
    assert.equal(state().refused, 50, 'the same batch counts as refused once');
    await until(() => state().waiting_records === 0);
    await rig.stop(running);
  });

  it('lets a quiet sensor through while another floods', async () => {
    const flood = new NumberedLog('flood');
    const quiet = new NumberedLog('quiet');
    // The gateway takes ten of the flood's batches a second.
    intercepts.set('flood', async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return undefined;
    });
    writeFileSync(rig.path('flood.json'), flood.lines(20_000));
    writeFileSync(rig.path('quiet.json'), '');
    const running = await rig.start('flood', yaml('flood', 'quiet'));
    await until(() => rig.gateway.texts('flood').length > 500);
    const wrote_ms = Date.now();
    writeFileSync(rig.path('quiet.json'), quiet.lines(1), { flag: 'a' });
    await until(() => rig.gateway.texts('quiet').length === 1);
    const took_ms = Date.now() - wrote_ms;
    assert.ok(took_ms < 3000, `took ${took_ms} ms`);
    assert.ok(rig.gateway.texts('flood').length < 10_000, 'the flood was still waiting');
    await rig.stop(running);
  });

  it('takes an answer that names another batch for no acknowledgement', async () => {
    const log = new NumberedLog('other');
    writeFileSync(rig.path('other.json'), log.lines(50));
    let wrong = 0;
    intercepts.set('other', (header) => {
      if (wrong === 2) return undefined;
      wrong += 1;
      return { status: 200, value: { status: 'durable', seq: header.seq, hash: '0'.repeat(64) } };
    });
    const running = await rig.start('other', yaml('other'));
    await arrived(log);
    await rig.stop(running);
  });

  it('moves to a new chain when the server knows another one under its numbers', async () => {
    const log = new NumberedLog('fork');
    writeFileSync(rig.path('fork.json'), log.lines(250));
    const first_ids = new Set<string>();
    intercepts.set('fork', (header) => {
      first_ids.add(header.spool_id);
      if (header.spool_id !== [...first_ids][0]) return undefined;
      return refusal(409, 'batch_out_of_order', { expected_seq: 50 });
    });
    const running = await rig.start('fork', yaml('fork'));
    await arrived(log);
    assert.equal(first_ids.size, 2);
    assert.deepEqual(rig.gateway.texts('fork').sort(), [...log.written].sort());
    await rig.stop(running);
  });

  it('renews its certificate when the heartbeat says so, and goes on with the new one', async () => {
    const log = new NumberedLog('renew');
    writeFileSync(rig.path('renew.json'), log.lines(10));
    const running = await rig.start('renew', yaml('renew'), { heartbeat_every_ms: 200 });
    await arrived(log);
    const ended_ms = running.status().certificate_ends_ms;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    rig.gateway.renew = true;
    await until(() => running.status().certificate_ends_ms > ended_ms);
    writeFileSync(rig.path('renew.json'), log.lines(10), { flag: 'a' });
    await arrived(log);
    const offset = running.status().offset_ms;
    assert.ok(offset !== null && Math.abs(offset) < 500, `offset ${offset}`);
    assert.equal(running.status().heartbeat_trouble, '');
    await rig.stop(running);
  });
});
