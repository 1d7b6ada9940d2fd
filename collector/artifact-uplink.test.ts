import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ArtifactUplink } from './artifact-uplink.ts';
import { Identity } from './identity.ts';
import { ArtifactSpool } from './spool/artifacts.ts';
import { Rig } from './testing/rig.ts';
import { until } from './testing/until.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const refuse = (status: number, code: string, retry_after_ms?: number) => ({
  status,
  value: { error: { code, message: `refused: ${code}`, remedy: 'wait', details: { retry_after_ms } } },
});

describe('sending whole files', { timeout: 60_000 }, () => {
  let rig: Rig;
  let number = 0;
  let identity: Identity;
  before(async () => {
    rig = await Rig.make();
    rig.gateway.enrolHere(rig.path('state'));
    identity = new Identity(rig.path('state'));
  });
  after(async () => {
    identity.close();
    await rig.end();
  });

  const make = () => {
    const folder = rig.path(`artifacts-${++number}`);
    const spool = new ArtifactSpool(folder, 1e6, ['one', 'two']);
    const uplink = new ArtifactUplink(spool, identity, { refused_retry_ms: 300 });
    rig.gateway.interceptArtifact = () => undefined;
    rig.gateway.offers.length = 0;
    return { folder, spool, uplink };
  };
  const keep = async (spool: ArtifactSpool, sensor: string, text: string): Promise<void> => {
    const incoming = await spool.begin();
    await incoming.write(Buffer.from(text));
    await spool.keep(sensor, hashOf(text), incoming);
  };

  it('sends each once, whatever sensor brought it, and remembers that after a restart', async () => {
    const { folder, spool, uplink } = make();
    await keep(spool, 'one', 'file a');
    await keep(spool, 'two', 'file a');
    await keep(spool, 'two', '');
    uplink.start();
    await until(() => spool.waiting === 0);
    assert.deepEqual(
      rig.gateway.offers.map(({ sensor, size }) => [sensor, size]),
      [
        ['one', 6],
        ['two', 0],
      ],
    );
    assert.equal(rig.gateway.artifacts.get(hashOf('file a'))?.bytes.toString(), 'file a');
    uplink.stop();
    const again = new ArtifactSpool(folder, 1e6, ['one', 'two']);
    await keep(again, 'one', 'file a');
    assert.equal(again.waiting, 0);
  });

  it('waits as long as the server says when its budget is used up', async () => {
    const { spool, uplink } = make();
    let refusals = 0;
    rig.gateway.interceptArtifact = () => (refusals++ < 3 ? refuse(503, 'artifacts_full', 100) : undefined);
    await keep(spool, 'one', 'in time');
    uplink.start();
    await until(() => uplink.state().trouble.includes('artifacts_full'));
    await until(() => spool.waiting === 0);
    assert.equal(refusals, 4);
    assert.equal(uplink.state().trouble, '');
    uplink.stop();
  });

  it('goes on with other sensors and files where one is refused', async () => {
    const { spool, uplink } = make();
    let is_assigned = false;
    rig.gateway.interceptArtifact = (sensor, sha256) => {
      if (sha256 === hashOf('huge')) return refuse(413, 'artifact_too_large');
      return sensor === 'one' && !is_assigned ? refuse(403, 'sensor_foreign') : undefined;
    };
    for (const text of ['of one', 'also of one']) await keep(spool, 'one', text);
    for (const text of ['huge', 'of two']) await keep(spool, 'two', text);
    uplink.start();
    await until(() => rig.gateway.artifacts.has(hashOf('of two')));
    assert.equal(spool.waiting, 3);
    is_assigned = true;
    await until(() => spool.waiting === 1);
    assert.ok(rig.gateway.artifacts.has(hashOf('also of one')));
    uplink.stop();
  });

  it('lets a file go that its own disk damaged, and keeps one that came damaged', async () => {
    const { folder, spool, uplink } = make();
    await keep(spool, 'one', 'sound');
    await keep(spool, 'one', 'rotten');
    writeFileSync(join(folder, 'waiting', 'one', hashOf('rotten')), 'rotteN');
    let mismatches = 0;
    rig.gateway.interceptArtifact = () => (mismatches++ < 2 ? refuse(400, 'artifact_mismatch') : undefined);
    uplink.start();
    await until(() => spool.waiting === 0);
    assert.ok(rig.gateway.artifacts.has(hashOf('sound')));
    assert.ok(!rig.gateway.artifacts.has(hashOf('rotten')));
    uplink.stop();
  });

  it('goes on when the gateway was away', async () => {
    const { spool } = make();
    const far = await Rig.make();
    far.gateway.enrolHere(far.path('state'));
    const own = new Identity(far.path('state'));
    const port = far.gateway.port;
    await far.gateway.close();
    const uplink = new ArtifactUplink(spool, own);
    await keep(spool, 'one', 'patience');
    uplink.start();
    await until(() => uplink.state().trouble.includes('nothing listens there'));
    await far.gateway.listen(port);
    await until(() => spool.waiting === 0);
    assert.ok(far.gateway.artifacts.has(hashOf('patience')));
    uplink.stop();
    own.close();
    await far.end();
  });
});
