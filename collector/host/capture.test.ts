/** Traffic between network namespaces of the test's own, captured by a real tcpdump; packets are counted from the files alone. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArtifactSpool } from '../spool/artifacts.ts';
import { Namespaces, needs_namespaces } from '../testing/namespaces.ts';
import { CaptureProbe, type CaptureSettings } from './capture.ts';
import type { Container } from './containers.ts';
import type { Reading } from './reading.ts';
import { findVeths, needProgram } from './veth.ts';

const port = 9999;
const payload_bytes = 1000;
/** Head in the file, Ethernet, IPv4, UDP, payload. */
const packet_bytes = 16 + 14 + 20 + 8 + payload_bytes;
const settings: CaptureSettings = {
  ...{ file_bytes_max: 24 + 10 * packet_bytes, files_max: 50, hour_bytes_max: 1e9 },
  filter: `udp port ${port}`,
};

/** Numbers in the payloads of a capture, with the times of its first and last packet. */
function readCapture(bytes: Buffer): { numbers: number[]; began_us: number; ended_us: number } {
  assert.equal(bytes.readUInt32LE(0), 0xa1b2c3d4);
  const numbers: number[] = [];
  const times: number[] = [];
  let at = 24;
  while (at < bytes.length) {
    times.push(bytes.readUInt32LE(at) * 1e6 + bytes.readUInt32LE(at + 4));
    const end = at + 16 + bytes.readUInt32LE(at + 8);
    numbers.push(Number(bytes.toString('latin1', end - payload_bytes, end)));
    at = end;
  }
  assert.equal(at, bytes.length, 'the last packet is whole');
  return { numbers, began_us: times[0]!, ended_us: times.at(-1)! };
}

/** `2026-11-23T18:00:01.000000Z` */
const microseconds = (time: unknown): number =>
  Date.parse(`${String(time).slice(0, 19)}Z`) * 1000 + Number(String(time).slice(20, 26));

const send = (from: number, to: number, network: number): string =>
  `for n in $(seq ${from} ${to}); do printf %0${payload_bytes}d $n > /dev/udp/10.${network}.0.1/${port}; done`;

interface Rig {
  folder: string;
  namespaces: Namespaces;
  probe: CaptureProbe;
  spool: ArtifactSpool;
  readings: Reading[];
  open(more?: Partial<CaptureSettings>, spool_bytes?: number): CaptureProbe;
  /** Asks the probe, and makes what it told durable, until the condition holds. */
  until(container: Container | undefined, holds: () => boolean): Promise<void>;
}

function rig(t: TestContext): Rig {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-captured-'));
  const namespaces = new Namespaces();
  const probes: CaptureProbe[] = [];
  t.after(async () => {
    for (const probe of probes) await probe.stop();
    namespaces.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const made = { folder, namespaces, readings: [] as Reading[] } as unknown as Rig;
  made.open = (more = {}, spool_bytes = 1e9) => {
    made.spool = new ArtifactSpool(join(folder, 'spool'), spool_bytes, ['net']);
    made.probe = new CaptureProbe({
      ...{ settings: { ...settings, ...more }, sensor: 'net', work_folder: join(folder, 'work') },
      ...{ spool: made.spool, bytes_max: 1e8, before: namespaces.before },
    });
    probes.push(made.probe);
    return made.probe;
  };
  made.until = async (container, holds) => {
    for (let tries = 0; tries < 600 && !holds(); tries += 1) {
      made.readings.push(...(await made.probe.take(container)));
      made.probe.settle();
      await sleep(20);
    }
    assert.ok(holds(), `it never came: ${made.probe.trouble} ${JSON.stringify(made.readings)}`);
  };
  return made;
}

/** The tcpdump that captures now: a descendant of this process. */
function findDump(): { pid: number; status: string } | undefined {
  let above = [process.pid];
  for (let depth = 0; depth < 5 && above.length > 0; depth += 1) {
    above = above.flatMap((pid) =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    for (const pid of above)
      if (readFileSync(`/proc/${pid}/comm`, 'utf8') === 'tcpdump\n')
        return { pid, status: readFileSync(`/proc/${pid}/status`, 'utf8') };
  }
  return undefined;
}

/** It captures only when its socket is open. */
async function listening(rig: Rig, container: Container): Promise<void> {
  const isOpen = (): boolean =>
    rig.namespaces.run(rig.namespaces.host, 'cat /proc/net/packet').trim().split('\n').length > 1;
  await rig.until(container, isOpen);
}

describe('captures of a container', { skip: needs_namespaces, timeout: 120_000 }, () => {
  it('hold every packet of it once, in files of a size, and none of another', async (t) => {
    const made = rig(t);
    const { namespaces, folder } = made;
    const pot = await namespaces.join(71);
    const other = await namespaces.join(72);
    assert.deepEqual(await findVeths(pot.container.pid!, namespaces.before), ['out71']);
    const inside = (): string => {
      const links = JSON.parse(namespaces.run(pot.name, 'ip -j -d link')) as Record<string, unknown>[];
      const tables = namespaces.run(pot.name, 'cd /proc/net; cat packet raw tcp udp ptype');
      return [tables, ...links.map(({ ifname, promiscuity }) => `${ifname} ${promiscuity}`)].join('\n');
    };
    const before = inside();
    made.open();
    await listening(made, pot.container);
    const dump = findDump()!;
    assert.match(dump.status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    // CAP_NET_RAW is bit 13.
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      assert.match(dump.status, new RegExp(`^${set}:\t0000000000002000$`, 'm'));
    assert.match(dump.status, /^NoNewPrivs:\t1$/m);
    assert.equal(inside(), before, 'root inside sees no difference');
    const [link] = JSON.parse(namespaces.run(namespaces.host, 'ip -j -d link show out71'));
    assert.equal(link.promiscuity, 0);
    namespaces.run(other.name, send(900, 909, 72));
    namespaces.run(pot.name, send(1, 35, 71));
    const captures = join(folder, 'work', 'captures');
    const written = (): number =>
      readdirSync(captures).reduce((sum, name) => sum + statSync(join(captures, name)).size, 0);
    // What waits in the kernel when tcpdump ends is lost, and told.
    await made.until(pot.container, () => made.readings.length === 3 && written() === 24 + 5 * packet_bytes);
    await made.probe.stop();
    assert.equal(findDump(), undefined);
    // What was written when it ended is taken by the next life.
    made.open();
    await made.until(undefined, () => made.readings.length === 4);
    const numbers: number[] = [];
    for (const reading of made.readings) {
      const bytes = readFileSync(join(folder, 'spool', 'waiting', 'net', String(reading.sha256)));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), reading.sha256);
      const found = readCapture(bytes);
      assert.deepEqual(
        [reading.kind, reading.packets, reading.size, reading.cut, reading.lost],
        ['capture', found.numbers.length, bytes.length, false, 0],
      );
      assert.equal(microseconds(reading.began), found.began_us);
      assert.equal(microseconds(reading.ended), found.ended_us);
      assert.ok(bytes.length <= settings.file_bytes_max);
      numbers.push(...found.numbers);
    }
    assert.deepEqual(
      numbers,
      Array.from({ length: 35 }, (_, index) => index + 1),
    );
    assert.deepEqual(readdirSync(captures), []);
  });

  it('are finished after a time, also where nothing more comes', async (t) => {
    const made = rig(t);
    const pot = await made.namespaces.join(71);
    made.open({ file_seconds_max: 1 });
    await listening(made, pot.container);
    made.namespaces.run(pot.name, send(1, 2, 71));
    await made.until(pot.container, () => made.readings.length === 1);
    assert.equal(made.readings[0]!.packets, 2);
  });

  it('that find no room go, the oldest first, and are told', async (t) => {
    const made = rig(t);
    const pot = await made.namespaces.join(71);
    made.open({ files_max: 4 }, 1);
    await listening(made, pot.container);
    const captures = join(made.folder, 'work', 'captures');
    const sizes = (): number[] => readdirSync(captures).map((name) => statSync(join(captures, name)).size);
    for (let round = 0; round < 7; round += 1) {
      made.namespaces.run(pot.name, send(1 + round * 10, 10 + round * 10, 71));
      const sum = (): number =>
        made.readings.reduce((files, one) => files + Number(one.files), 0) + sizes().length;
      await made.until(pot.container, () => sum() === round + 1);
      assert.ok(sizes().length <= 4);
      assert.ok(sizes().every((size) => size <= settings.file_bytes_max));
    }
    assert.match(made.probe.trouble, /captures wait for room/);
    for (const { kind, reason, files, size } of made.readings)
      assert.deepEqual([kind, reason, size], ['not_taken', 'room', Number(files) * settings.file_bytes_max]);
    // Those that are left are the newest.
    const left = readdirSync(captures).sort();
    assert.equal(readCapture(readFileSync(join(captures, left[0]!))).numbers[0], 71 - 10 * left.length);
  });

  it('are no more in an hour than the budget, and what is over it is told', async (t) => {
    const made = rig(t);
    const pot = await made.namespaces.join(71);
    made.open({ hour_bytes_max: 2.5 * settings.file_bytes_max });
    await listening(made, pot.container);
    made.namespaces.run(pot.name, send(1, 51, 71));
    const files = (): number =>
      made.readings.reduce((sum, one) => sum + (one.kind === 'capture' ? 1 : Number(one.files)), 0);
    await made.until(pot.container, () => files() === 5);
    assert.equal(made.readings.filter(({ kind }) => kind === 'capture').length, 2);
    assert.ok(made.readings.every(({ kind, reason }) => kind === 'capture' || reason === 'budget'));
  });

  it('count what the kernel had no room for while tcpdump was held up', async (t) => {
    const made = rig(t);
    const pot = await made.namespaces.join(71);
    made.open({ file_bytes_max: 24 + 500 * packet_bytes, hour_bytes_max: 1e9 });
    await listening(made, pot.container);
    const { pid } = findDump()!;
    process.kill(pid, 'SIGSTOP');
    made.namespaces.run(pot.name, send(1, 6000, 71));
    process.kill(pid, 'SIGCONT');
    await made.until(pot.container, () => made.readings.length > 0);
    const sum = (field: 'packets' | 'lost'): number =>
      made.readings.reduce((all, one) => all + Number(one[field]), 0);
    // While it runs, not only at its end: with a file behind those that were finished when it was told.
    let sent = 6000;
    while (sum('lost') === 0 && sent < 20_000) {
      const files = made.readings.length;
      made.namespaces.run(pot.name, send(sent + 1, sent + 600, 71));
      sent += 600;
      await made.until(pot.container, () => made.readings.length > files);
    }
    assert.ok(sum('lost') > 0);
    await made.probe.stop();
    made.open();
    await made.until(undefined, () => sum('packets') + sum('lost') >= sent);
    assert.equal(sum('packets') + sum('lost'), sent);
  });

  it('fail clearly by a filter that is none, and begin again where tcpdump is killed', async (t) => {
    const made = rig(t);
    const pot = await made.namespaces.join(71);
    made.open({ filter: 'no such words' });
    await made.until(pot.container, () =>
      /no traffic is captured: tcpdump ended with 1: .*syntax error/s.test(made.probe.trouble),
    );
    made.open();
    await listening(made, pot.container);
    assert.equal(made.probe.trouble, '');
    process.kill(findDump()!.pid, 'SIGKILL');
    await made.until(pot.container, () => made.probe.trouble.includes('tcpdump ended with SIGKILL'));
    // Another start of the container does not wait.
    await made.until({ ...pot.container, started: 'anew' }, () => findDump() !== undefined);
    assert.equal(made.probe.trouble, '');
  });

  it('are told not to be where its network has no end on this host', async (t) => {
    const made = rig(t);
    const pot = await made.namespaces.join(71);
    made.open();
    const own = { ...pot.container, pid: process.pid };
    await made.until(own, () => /no end of its network \(veth\) is on this host/.test(made.probe.trouble));
    assert.deepEqual(made.readings, []);
  });
});

describe('a program that captures need', () => {
  it('is told with what to install where it is not there', () => {
    assert.throws(
      () => needProgram('no-such-program', 'tcpdump'),
      /^Error: no-such-program is not installed: apt-get install tcpdump$/,
    );
  });
});
