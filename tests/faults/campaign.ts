/**
 * A campaign: sources write, one fault after another strikes, drawn by a seed; then all that was written must be there
 * exactly once. What was written is known by the sources themselves; what arrived is counted in the engine's tables.
 */
import assert from 'node:assert';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Store } from '@apiary/server/store/store.ts';
import { seededRandom } from '../rig/random.ts';
import { type Fault, faults } from './faults.ts';
import { FaultSite } from './site.ts';

export interface CampaignOptions {
  seed: number;
  count: number;
  /** Whether all that is there stays after a failure, for people to look at. */
  keeps?: boolean;
  /** Called after each fault, with the number of the fault from 1 on. */
  told?: (number: number, fault: string) => void;
}

export interface CampaignResult {
  struck: Record<string, number>;
  kills: number;
  /** Of faults that could not be struck here. */
  left_out: string[];
  lines: number;
  connections: number;
  seconds: number;
}

/** Without anything new coming for so long, what is missing is lost. */
const stillness_ms_max = 120_000;

/** Every fault once, in drawn order, then again: a short campaign has all of them. */
function* drawFaults(list: readonly Fault[], random: () => number): Generator<Fault> {
  for (;;) {
    const round = [...list];
    while (round.length > 0) yield round.splice(Math.floor(random() * round.length), 1)[0]!;
  }
}

/** @throws AssertionError where a record is missing or there twice */
export async function runCampaign({ seed, count, keeps, told }: CampaignOptions): Promise<CampaignResult> {
  const started = performance.now();
  const random = seededRandom(seed);
  const site = await FaultSite.open(random);
  try {
    const possible = faults.filter(({ needs_disks }) => needs_disks !== true || site.has_disks);
    const struck: Record<string, number> = {};
    let kills = 0;
    let writing = true;
    const writer = write(site, seededRandom(seed + 1), () => writing);
    let number = 0;
    for (const fault of drawFaults(possible, random)) {
      if (number === count) break;
      number += 1;
      await sleep(100 + Math.floor(random() * 500));
      await fault.strike(site, random);
      struck[fault.name] = (struck[fault.name] ?? 0) + 1;
      if (fault.kills === true) kills += 1;
      told?.(number, fault.name);
    }
    writing = false;
    await writer;
    site.dionaea.close();
    await settle(site);
    await site.collector.kill('SIGTERM');
    await site.server.stop();
    await compare(site);
    return {
      struck,
      kills,
      left_out: faults.filter((fault) => !possible.includes(fault)).map(({ name }) => name),
      lines: site.ssh.written + site.telnet.written,
      connections: site.dionaea.written,
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } catch (error) {
    if (keeps === true) site.keep();
    throw error;
  } finally {
    await site.close();
  }
}

async function write(
  { ssh, telnet, dionaea }: FaultSite,
  random: () => number,
  goes_on: () => boolean,
): Promise<void> {
  while (goes_on()) {
    ssh.write(1 + Math.floor(random() * 40));
    telnet.write(1 + Math.floor(random() * 10));
    dionaea.write(1 + Math.floor(random() * 5));
    await sleep(100);
  }
}

/** Waits until the server has as many events as were written, and nothing is left waiting. */
async function settle(site: FaultSite): Promise<void> {
  const { server, collector, ssh, telnet, dionaea } = site;
  const wanted = ssh.written + telnet.written + dionaea.written * 2;
  let deadline = Date.now() + stillness_ms_max;
  let seen = '';
  for (;;) {
    // The last fault may have been the engine's: until it is back the API says so.
    const told = await Promise.all([
      server.order<{ waiting: number }>('loaded', {}),
      server.get<{ events: number }>('/events/count?last=24h'),
    ]).catch((error: unknown) => String(error));
    if (typeof told !== 'string') {
      const [{ waiting }, { events }] = told;
      if (waiting === 0 && events >= wanted) break;
      if (`${waiting} ${events}` !== seen) deadline = Date.now() + stillness_ms_max;
      seen = `${waiting} ${events}`;
    }
    assert.ok(
      Date.now() < deadline,
      `not all has come: ${wanted} events were written; ${JSON.stringify(told)}\n${site.readStatus()}\n${collector.output.slice(-3000)}\n${server.output.slice(-3000)}`,
    );
    await sleep(500);
  }
  // A moment for whatever would come twice.
  await sleep(1500);
}

/** What is in the engine's own tables against what the sources wrote. */
async function compare({ server_directory, ssh, telnet, dionaea }: FaultSite): Promise<void> {
  const store = new Store({ directory: join(server_directory, 'engine') });
  try {
    await store.whenUp();
    const lines = await store.query(
      `SELECT sensor, count() AS records, uniqExact(session) AS different,
         uniqExact(toUInt64OrZero(splitByChar('-', session)[2])) AS numbers, max(toUInt64OrZero(splitByChar('-', session)[2])) AS highest
       FROM cowrie_json GROUP BY sensor ORDER BY sensor`,
    );
    assert.deepStrictEqual(
      lines,
      [ssh, telnet].map(({ name, written }) => ({
        sensor: name,
        records: String(written),
        different: String(written),
        numbers: String(written),
        highest: String(written - 1),
      })),
    );
    const rows = await store.query(
      `SELECT * FROM (
         SELECT 'connections' AS stream, count() AS records, uniqExact(connection) AS different FROM dionaea_connections WHERE version = 0
         UNION ALL SELECT 'logins', count(), uniqExact(login_password) FROM dionaea_logins WHERE version = 0) ORDER BY stream`,
    );
    const each = String(dionaea.written);
    assert.deepStrictEqual(
      rows,
      ['connections', 'logins'].map((stream) => ({ stream, records: each, different: each })),
    );
    const events = await store.query(
      'SELECT sensor_type, count() AS events, uniqExact(event_id) AS ids FROM event GROUP BY sensor_type ORDER BY sensor_type',
    );
    assert.deepStrictEqual(
      events,
      [
        { sensor_type: 'cowrie', written: ssh.written + telnet.written },
        { sensor_type: 'dionaea', written: dionaea.written * 2 },
      ].map(({ sensor_type, written }) => ({ sensor_type, events: String(written), ids: String(written) })),
    );
  } finally {
    await store.close();
  }
}
