/**
 * Data directories of earlier versions, opened by this one: its migrations are killed again and again, go on, and all
 * that was there is there: counts, numbers of incidents, what analysts decided.
 */
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../rig/random.ts';
import { ServerProcess } from '../rig/server-process.ts';
import { collectFacts, type Facts, type Release } from './facts.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const releases = readdirSync(here)
  .filter((name) => name.endsWith('.tar.xz'))
  .map((name) => name.slice(0, -'.tar.xz'.length));
const kills = 3;

interface Incident {
  incident: { number: number; name: string; first_ts: string; is_frozen: boolean };
}

test('there is a data directory of a version before this one', () => {
  assert.ok(releases.length > 0);
});

for (const release of releases) {
  const { named, facts: before } = JSON.parse(readFileSync(join(here, `${release}.json`), 'utf8')) as Release;
  test(`the data directory of ${release} is whole after an upgrade that was killed ${kills} times`, {
    timeout: 240_000,
  }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'apiary-upgrade-'));
    execFileSync('tar', ['-xJf', join(here, `${release}.tar.xz`), '-C', folder]);
    const directory = join(folder, 'data');
    const server = await ServerProcess.prepare(directory);
    t.after(async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    const random = seededRandom(20261126);
    for (let kill = 0; kill < kills; kill += 1) {
      server.begin();
      await sleep(500 + Math.floor(random() * 2500));
      await server.kill();
    }
    await server.restart();
    await server.renewPassword();
    const numbers = Object.keys(before.incidents);
    const today = new Map<string, Incident['incident']>();
    for (const number of numbers)
      today.set(number, (await server.get<Incident>(`/incidents/${number}`)).incident);
    assert.strictEqual(today.get(String(named))?.name, 'The first one');
    await server.stop();
    const { incidents, ...after } = await collectFacts(directory);
    const { incidents: incidents_before, ...rest } = before;
    assert.deepStrictEqual(after, rest);
    for (const number of numbers) {
      const { number: leads_to } = today.get(number)!;
      const [then, now] = [incidents_before[number]!, incidents[String(leads_to)]];
      assert.ok(now !== undefined, `incident ${number} leads to ${leads_to}, which is not there`);
      assert.ok(now.first_ts <= then.first_ts, `incident ${number} lost its beginning`);
      assert.ok(now.events >= then.events, `incident ${number} lost events`);
    }
    const sum = (all: Facts['incidents']): number =>
      Object.values(all).reduce((total, { events }) => total + events, 0);
    assert.strictEqual(sum(incidents), sum(incidents_before));
  });
}
