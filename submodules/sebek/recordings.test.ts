/** A capture of Sebek's packets, counted from the bytes of their headers. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CaptureFramer } from '@apiary/collector/readers/capture.ts';
import { countBy, landAll, missing, recordings, tally, withEngine } from '../../tests/recording.ts';
import { submodule as sebek } from './index.ts';

const folder = 'wild/sebek/SYNTHETIC_by_scout';
const kinds = ['read', 'write', 'socket', 'open'];
/** Ethernet, IPv4 without options and UDP, in every packet of this recording. */
const around_bytes = 14 + 20 + 8;

/** The payloads, by the lengths of the file's own headers. */
function payloadsOf(file: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 24; at < file.length; ) {
    const size = file.readUInt32LE(at + 8);
    payloads.push(file.subarray(at + 16 + around_bytes, at + 16 + size));
    at += 16 + size;
  }
  return payloads;
}

describe(`Sebek, packets of ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(sebek);

  it('are counted as they are without our SQL', async () => {
    const file = readFileSync(join(recordings, folder, 'sebek_synthetic_v2_v3.pcap'));
    const { records } = new CaptureFramer(1101).frame(file, 0);
    const landed = records.map(({ place, bytes }) => ({
      ...{ stream: 'packets', place: BigInt(place), version: 0, flags: 0, raw: bytes },
    }));
    await landAll(held.engine, landed, 1n);
    const payloads = payloadsOf(file);
    assert.equal(payloads.length, 33);
    const kindOf = (payload: Buffer): string =>
      `${payload.readUInt16BE(4)} ${kinds[payload.readUInt16BE(6)]}`;
    assert.deepStrictEqual(
      await countBy(
        held.engine,
        "SELECT concat(toString(protocol), ' ', kind) AS name, count() AS rows FROM sebek_packets WHERE parse = 'ok' GROUP BY name",
      ),
      tally(payloads.map(kindOf)),
    );
    const is_3 = (payload: Buffer): boolean => payload.readUInt16BE(4) === 3;
    const typed = payloads.filter(
      (payload) => payload.readUInt16BE(6) === 0 && payload.readUInt32BE(is_3(payload) ? 32 : 28) === 0,
    );
    const connected = payloads.filter(
      (payload) => is_3(payload) && payload.readUInt16BE(6) === 2 && payload.readUInt16BE(56 + 12) === 3,
    );
    assert.deepStrictEqual(
      await countBy(held.engine, 'SELECT toString(action) AS name, count() AS rows FROM event GROUP BY name'),
      { input: typed.length, probe: connected.length },
    );
    const [keys] = await held.engine.query<{ typed: string }>(
      "SELECT arrayStringConcat(groupArray(command)) AS typed FROM (SELECT command FROM event WHERE action = 'input' ORDER BY place)",
    );
    assert.equal(keys?.typed, typed.map((payload) => payload.toString('latin1', 56)).join(''));
  });
});
