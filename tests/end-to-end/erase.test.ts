/** `apiary retention`, `apiary derive` and `apiary erase` on a running server; a collector that reads all again brings nothing back. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

const server_main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const lines = 2500;

test('what was erased stays away, also when the collector sends it again', {
  timeout: 240_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { root, server, collector } = site;
  const apiary = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [server_main, ...args, '--data', server.directory])).stdout;
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  source.write(lines);
  collector.run();
  await waitFor(site, 'the lines', async () => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= lines;
  });

  // Everything that the pages can do, by the API under the account of this machine.
  const counted = JSON.parse(await apiary('api', 'get', '/events/count?last=24h')) as { events: number };
  assert.equal(counted.events, lines);
  await apiary('api', 'POST', '/honeynets', '{"name":"lab","owners":"us","description":""}');
  const { honeynets } = JSON.parse(await apiary('api', 'GET', '/inventory')) as {
    honeynets: { name: string }[];
  };
  assert.deepEqual(
    honeynets.map(({ name }) => name),
    ['lab'],
  );
  const { changes } = JSON.parse(await apiary('api', 'GET', '/audit?limit=1')) as {
    changes: { actor: string; subject: string }[];
  };
  assert.match(`${changes[0]!.actor}: ${changes[0]!.subject}`, /^\S+ \(command line\): .*lab/);
  for (const [args, told] of [
    [['api', 'POST', '/honeynets', '{"name":'], /JSON/i],
    [['api', 'POST', '/honeynets', '{}'], /name/],
    [['api', 'GET', '/nowhere'], /there is no/i],
    [['api', 'GET', 'events'], /begin the path with a slash/],
    [['api', 'TRACE', '/events'], /"TRACE" is none of GET/],
    [['api', 'GET', '/live'], /goes on for ever/],
    [['api', 'GET', '/tokens'], /this is for pages/],
  ] as const)
    await assert.rejects(apiary(...args), (error: { stderr: string; code: number }) => {
      assert.match(error.stderr, told);
      assert.equal(error.code, 1);
      return true;
    });

  assert.match(
    await apiary('retention'),
    /^kind\tnow\tbudget\tdays\tcomplete from\nrecords\t0\.\d+ GB\tnone\tnone\t/,
  );
  assert.match(
    await apiary('retention', 'events', '--days', '365', '--budget', '20G'),
    /events\t0\.\d+ GB\t20\.000 GB\t365\tthe beginning\n/,
  );
  await assert.rejects(
    apiary('retention', 'event', '--days', '3'),
    /there is no kind "event"; known are: records/,
  );
  await assert.rejects(apiary('retention', 'events', '--days', 'x'), /--days x: write whole days/);
  await assert.rejects(apiary('retention', 'events'), /say what to set/);

  await assert.rejects(
    apiary('derive', 'beekeeper'),
    /there is no sensor type "beekeeper"; known are: access/,
  );
  assert.equal(
    await apiary('derive', 'cowrie'),
    `${lines}\trecords\naction\tbefore\tafter\nauthenticate\t${lines}\t${lines}\nThe events are those that the records give: nothing was changed.\n`,
  );

  // Its lines, by the number that CowrieSource makes the address of: 198.18.N.7 with N from 0 to 249.
  const its = lines / 250;
  await assert.rejects(apiary('erase'), /say what to erase/);
  await assert.rejects(apiary('erase', '--sensor', 'nobody'), /there is no sensor "nobody"/);
  await assert.rejects(apiary('erase', '--before', 'soon'), /--before soon is no time/);
  const dry = await apiary('erase', '--source', '198.18.9.7');
  assert.match(dry, new RegExp(`^${its}\trecords\n${its}\tevents\n0\tfiles\n`));
  assert.match(dry, /Nothing was changed/);
  assert.match(
    await apiary('erase', '--source', '198.18.9.7', '--reference', 'letter 12', '--yes'),
    /They are erased\. Backups that were taken before still hold them/,
  );
  const count = async (): Promise<number> =>
    (await server.get<{ events: number }>('/overview?last=24h')).events;
  assert.equal(await count(), lines - its);

  // It has forgotten what it read, and reads from the beginning.
  await collector.kill('SIGTERM');
  rmSync(join(root, 'collector', 'spool'), { recursive: true });
  collector.run();
  await waitFor(site, 'the second reading', async () => {
    const { known, settled } = await settledRecords(site);
    return settled && known >= lines;
  });
  source.write(250);
  await waitFor(site, 'what is new', async () => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= lines + 250;
  });
  // A new line of the same source is none of those that were erased.
  assert.equal(await count(), lines - its + 250);
  assert.match(await apiary('erase', '--source', '198.18.9.7'), /^1\trecords\n1\tevents\n/);
});
