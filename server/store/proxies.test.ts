/** Who a request is from where a proxy stands before the honeypot: by the proxies that the settings trust, in the submodules' own SQL. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { submodule as access } from '@apiary/submodules/access/index.ts';
import { submodule as beelzebub } from '@apiary/submodules/beelzebub/index.ts';
import { submodule as galah } from '@apiary/submodules/galah/index.ts';
import { submodule as glastopf } from '@apiary/submodules/glastopf/index.ts';
import { submodule as log4pot } from '@apiary/submodules/log4pot/index.ts';
import { submodule as tanner } from '@apiary/submodules/tanner/index.ts';
import { createLookups } from './lookups.ts';
import { loadProxies } from './proxies.ts';
import { migrate } from './schema.ts';
import { Store } from './store.ts';
import { landing_columns, renderTemplate } from './template.ts';

const client = '203.0.113.7';
const proxy = '10.1.2.3';
const time = '2026-11-20T08:00:00Z';

describe('a proxy before a honeypot', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-proxies-'));
  const store = new Store({ directory });
  let place = 0;

  before(async () => {
    await store.whenUp();
    await createLookups(store);
    await migrate(store, [access, beelzebub, galah, glastopf, log4pot, tanner]);
    await loadProxies(store, ['10.0.0.0/8', '2001:db8:1::5']);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  const clientOf = async (sender: string, forwarded: string): Promise<string> => {
    const word = renderTemplate('{{client sender forwarded}}', { rendering: 'single' });
    const [row] = await store.query<{ client: string }>(
      `SELECT replaceOne(toString(${word}), '::ffff:', '') AS client FROM (SELECT {sender:String} AS sender, {forwarded:String} AS forwarded)`,
      { sender, forwarded },
    );
    return row!.client;
  };

  test('is believed where it is trusted, and nobody else is', async () => {
    assert.equal(await clientOf(proxy, client), client);
    assert.equal(await clientOf(proxy, ''), proxy);
    assert.equal(await clientOf('198.51.100.9', client), '198.51.100.9', 'a client that says it is a proxy');
    assert.equal(await clientOf('2001:db8:1::5', '2001:db8:ffff::1'), '2001:db8:ffff::1');
    assert.equal(await clientOf('2001:db8:1::6', '2001:db8:ffff::1'), '2001:db8:1::6');
    assert.equal(await clientOf('', client), '::');
  });

  test('what the client had written before it is not taken for its word', async () => {
    assert.equal(await clientOf(proxy, `198.51.100.1, 8.8.8.8, ${client}`), client);
    assert.equal(await clientOf(proxy, `198.51.100.1, ${client}, 10.9.9.9`), client, 'two proxies');
    assert.equal(await clientOf(proxy, '10.4.4.4, 10.9.9.9'), proxy, 'proxies alone');
    assert.equal(await clientOf(proxy, 'unknown, "; DROP TABLE event'), proxy);
  });

  test('addresses with ports and in brackets are read', async () => {
    assert.equal(await clientOf(proxy, `${client}:4711`), client);
    assert.equal(await clientOf(proxy, '[2001:db8::7]:4711'), '2001:db8::7');
    assert.equal(await clientOf(proxy, '"2001:db8::7"'), '2001:db8::7');
    assert.equal(await clientOf(proxy, `::ffff:${client}`), client);
    assert.equal(await clientOf(proxy, '300.1.1.1'), proxy);
  });

  /** What is found of a line: the client by its record, and by the event that it gives. */
  const found = async (table: string, raw: string): Promise<string[]> => {
    place += 1;
    const row: Record<string, unknown> = {
      sensor_id: 1,
      stream: table.split('_')[1],
      source: 'f',
      time_zone: 'UTC',
    };
    Object.assign(row, {
      generation: 1,
      place,
      version: 0,
      flags: 0,
      original_size: raw.length,
      segment_id: place,
      raw,
    });
    row.collect_ts = '2026-11-20 09:00:00';
    assert.deepEqual(Object.keys(row).sort(), landing_columns.map(([name]) => name).sort());
    await store.insertRows(`landing_${table}`, [row]);
    const shown = (from: string): string =>
      `SELECT replaceOne(toString(attacker_ip), '::ffff:', '') AS ip FROM ${from} WHERE place = ${place}`;
    const rows = await store.query<{ ip: string }>(`${shown(table)} UNION ALL ${shown('event')}`);
    return rows.map(({ ip }) => ip);
  };

  const lines: [string, (sender: string) => string][] = [
    [
      'access_log',
      (sender) =>
        `${sender} - - [20/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8.1" "198.51.100.1, ${client}"`,
    ],
    [
      'tanner_report',
      (ip) =>
        JSON.stringify({
          ...{ method: 'GET', path: '/', uuid: 'u', status: 200, timestamp: time, peer: { ip, port: 4000 } },
          headers: { host: 'pot', 'x-forwarded-for': client },
        }),
    ],
    [
      'galah_log',
      (srcIP) =>
        JSON.stringify({
          ...{ msg: 'successfulResponse', eventTime: time, srcIP, srcPort: '4000', port: '80' },
          httpRequest: { method: 'GET', request: '/', headers: { 'X-Forwarded-For': client } },
        }),
    ],
    [
      'galah_log',
      (srcIP) =>
        JSON.stringify({
          ...{ timestamp: time, srcIP, srcPort: '4000', port: '80' },
          httpRequest: {
            method: 'GET',
            request: '/',
            headers: `Accept: [*/*], X-Forwarded-For: [${client}]`,
          },
        }),
    ],
    [
      'beelzebub_log',
      (SourceIp) =>
        JSON.stringify({
          ...{ level: 'info', msg: 'New Event', time },
          event: {
            ...{ DateTime: time, Protocol: 'HTTP', Status: 'Stateless', Msg: 'HTTP New request', ID: 'i' },
            ...{ SourceIp, SourcePort: '4000', HTTPMethod: 'GET', RequestURI: '/' },
            Headers: `[Key: Accept, values: */*],[Key: X-Forwarded-For, values: ${client}],`,
          },
        }),
    ],
    [
      'log4pot_log',
      (sender) =>
        JSON.stringify({
          ...{ type: 'request', timestamp: '2026-11-20T08:00:00', correlation_id: 'c', client: sender },
          ...{
            port: 4000,
            server_port: 8080,
            request: 'GET / HTTP/1.1',
            headers: { 'X-Forwarded-For': client },
          },
        }),
    ],
    [
      'glastopf_events',
      (sender) =>
        JSON.stringify({
          row: {
            ...{ id: place + 1, time: '2026-11-20 08:00:00', source: `${sender}:4000`, request_url: '/' },
            request_raw: `GET / HTTP/1.1\r\nHost: pot\r\nX-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: ${client}\r\n\r\nX-Forwarded-For: 198.51.100.2`,
            ...{ pattern: 'unknown', filename: null, version: '3', sensorid: 's', known_file: 0 },
          },
        }),
    ],
  ];
  for (const [index, [table, lineFrom]] of lines.entries())
    test(`${table} (${index}): the client is the attacker behind a trusted proxy alone`, async () => {
      assert.deepEqual(await found(table, lineFrom(proxy)), [client, client]);
      assert.deepEqual(await found(table, lineFrom('198.51.100.9')), ['198.51.100.9', '198.51.100.9']);
    });

  test('a header that a client wrote into the text of others leaves the proxy the sender', async () => {
    const forged = JSON.stringify({
      ...{ level: 'info', msg: 'New Event', time },
      event: {
        ...{ DateTime: time, Protocol: 'HTTP', Status: 'Stateless', Msg: 'HTTP New request', ID: 'i' },
        ...{ SourceIp: proxy, SourcePort: '4000', HTTPMethod: 'GET', RequestURI: '/' },
        Headers: `[Key: Accept, values: x],[Key: X-Forwarded-For, values: 192.0.2.66],[Key: X-Forwarded-For, values: ${client}],`,
      },
    });
    assert.deepEqual(await found('beelzebub_log', forged), [proxy, proxy]);
  });

  test('others in the settings hold for what comes from then on', async () => {
    await loadProxies(store, []);
    assert.equal(await clientOf(proxy, client), proxy);
    await loadProxies(store, [proxy]);
    assert.equal(await clientOf(proxy, client), client);
    assert.equal(await clientOf('10.0.0.1', client), '10.0.0.1');
    await assert.rejects(loadProxies(store, ['proxy.example']), /proxy\.example is no address or network/);
  });
});
