/** One sensor floods at ten times the limit for two minutes; log-ins on another arrive within ten seconds. */
import assert from 'node:assert';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { openSite, waitFor } from '../rig/site.ts';

const limit_bytes_per_second = 5_000;
const flood_ms = 125_000;
const arrive_within_ms = 10_000;

test('a flooding sensor does not hold up the others', { timeout: 240_000 }, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [
      { name: 'flood', type: 'cowrie', paths: { json: join(root, 'flood.json') } },
      { name: 'quiet', type: 'cowrie', paths: { json: join(root, 'quiet.json') } },
    ],
    gateway_bytes_per_second: limit_bytes_per_second,
    collector_settings: 'spool: { bytes_max: 64MiB }\n',
  });
  const { root, server, collector } = site;
  const flood = new CowrieSource(join(root, 'flood.json'), 'flood');
  const quiet = new CowrieSource(join(root, 'quiet.json'), 'quiet');
  collector.run();
  const started = Date.now();
  let flooding = true;
  const stopFlood = (): void => {
    flooding = false;
  };
  // Whatever happens, nobody writes into a folder that is gone.
  t.signal.addEventListener('abort', stopFlood);
  // Lines like these compress to a twentieth: 3,500 a second are ten times the limit on the wire.
  const flooder = (async () => {
    while (flooding) {
      flood.write(350);
      await sleep(100);
    }
  })();
  await sleep(5000);
  const waits: number[] = [];
  while (Date.now() - started < flood_ms) {
    quiet.write(1);
    const wanted = quiet.written;
    const written = Date.now();
    await waitFor(
      site,
      `log-in ${wanted} of the quiet sensor`,
      async () => {
        const { events } = await server.get<{ events: number }>(
          `/events/count?username=root&session=quiet-${wanted - 1}`,
        );
        return events === 1;
      },
      arrive_within_ms,
    );
    waits.push(Date.now() - written);
    await sleep(3000);
  }
  stopFlood();
  await flooder;
  const { refusals } = (
    await server.get<{ collectors: { refusals: { reason: string; count: number }[] }[] }>('/sensors')
  ).collectors[0] ?? { refusals: [] };
  const limited = refusals.find(({ reason }) => reason === 'rate_limited')?.count ?? 0;
  t.diagnostic(
    `${flood.written} lines of flood; ${waits.length} log-ins, the slowest after ${Math.max(...waits)} ms; limited ${limited} times`,
  );
  assert.ok(limited > 0, `the flood did not reach the limit: ${JSON.stringify(refusals)}`);
  assert.ok(waits.length >= 10);
});
