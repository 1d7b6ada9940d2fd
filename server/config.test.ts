import assert from 'node:assert';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { OperationalError } from '@apiary/model/errors.ts';
import { readConfig, readNamed, splitAddress } from './config.ts';
import { listenAt } from './listen-at.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'apiary-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));
const read = (text: string): ReturnType<typeof readConfig> => {
  writeFileSync(join(directory, 'apiary.yaml'), text);
  return readConfig(directory);
};

test('without a file the pages listen on loopback only, and not where collectors come', () => {
  const config = readConfig(directory);
  assert.strictEqual(config.web.listen, '127.0.0.1:8080');
  assert.notStrictEqual(splitAddress(config.web.listen).port, splitAddress(config.gateway.listen).port);
});

test('a mistake is named with its line, its place and what is wrong', () => {
  assert.throws(() => read('web:\n  listen: 8080\n'), /apiary\.yaml:2: web\.listen: .*/);
  assert.throws(() => read('web: {}\ngatway: {}\n'), /gatway/);
  assert.throws(() => read('store: { connections: 0 }\n'), /store\.connections/);
  assert.throws(() => read('web: [\n'), /apiary\.yaml/);
  assert.throws(() => readConfig(directory, join(directory, 'other.yaml')), /is not there/);
});

test('pages and collectors never share a port', () => {
  assert.throws(() => read('web: { listen: "0.0.0.0:7443" }\n'), /share port 7443/);
  assert.throws(() => read('enrolment: { listen: "0.0.0.0:7443" }\n'), /share port 7443/);
});

test('TLS of the pages is whole or not at all', () => {
  assert.throws(() => read('web: { tls_key: key.pem }\n'), /needs both/);
});

test('a cluster is one of ClickHouse, by its one name, and never the embedded engine', () => {
  const url = 'clickhouse_url: "http://apiary:x@node-1:8123/apiary"';
  assert.strictEqual(read(`store: { ${url}, cluster: apiary }\n`).store.cluster, 'apiary');

  assert.throws(
    () => read('store: { cluster: apiary }\n'),
    /apiary\.yaml: store\.cluster without store\.clickhouse_url: the embedded engine is no cluster/,
  );
  assert.throws(
    () => read(`store:\n  ${url}\n  cluster: other\n`),
    /apiary\.yaml:3: store\.cluster: must be apiary/,
  );
});

test('shards are those of a cluster, each by one node, the first of them the node that is asked', () => {
  const [one, two] = ['http://apiary:x@node-1:8123/apiary', 'http://apiary:x@node-3:8123/apiary'];
  const store = (shards: string[], cluster = 'cluster: apiary,'): string =>
    `store: { clickhouse_url: "${one}", ${cluster} shards: ${JSON.stringify(shards)} }\n`;
  assert.deepStrictEqual(read(store([one, two])).store.shards, [one, two]);
  assert.throws(() => read(store([one, two], '')), /store\.shards without store\.cluster/);
  assert.throws(() => read(store([two, one])), /the first of store\.shards is not store\.clickhouse_url/);
  assert.throws(() => read(store([one, one])), /store\.shards names a node twice/);
  assert.throws(() => read(store([one, 'node-3'])), /store\.shards.*: must be a URL/);
});

test('an address is host and port, also of IPv6', () => {
  assert.deepStrictEqual(splitAddress('[::1]:8080'), { host: '::1', port: 8080 });
});

test('a value that would fail later is refused with its line, and what it is', () => {
  const cases = [
    [
      'web:\n  listen: "127.0.0.1:99999"\n',
      /apiary\.yaml:2: web\.listen: must be host:port.*"127\.0\.0\.1:99999"$/,
    ],
    ['store:\n  clickhouse_url: "ftp://x"\n', /apiary\.yaml:2: store\.clickhouse_url: .*http.*"ftp:\/\/x"$/],
    ['web:\n  trusted_proxies: ["foo"]\n', /apiary\.yaml:2: web\.trusted_proxies\.0: .*"foo"$/],
    ['web:\n  trusted_proxies: ["10.0.0.0/33"]\n', /trusted_proxies\.0: .*"10\.0\.0\.0\/33"$/],
    ['store:\n\n  connections: "four"\n', /apiary\.yaml:3: store\.connections: .*; it is "four"$/],
  ] as const;
  for (const [text, message] of cases)
    assert.throws(() => read(text), { code: 'config_invalid', message }, text);
  read('web: { trusted_proxies: ["loopback", "10.0.0.0/8", "::1", "fd00::/8"] }\n');
});

test('a file that cannot be read is told with the setting that names it', () => {
  const path = join(directory, 'nope');
  assert.throws(() => readNamed('web.tls_certificate', path), {
    code: 'config_invalid',
    message: /^web\.tls_certificate: .*\/nope cannot be read \(ENOENT\)/,
  });
});

test('a mistake shows no secret', () => {
  const shown = (text: string): string => {
    try {
      read(text);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail('was taken');
  };
  assert.doesNotMatch(shown('store: { clickhouse_url: "ftp://apiary:hush@x" }\n'), /hush/);
  assert.doesNotMatch(shown('web: { metrics_token: hush }\n'), /hush/);
});

test('what cannot be listened on is told with its setting and value', async () => {
  const open = ({ host, port }: { host: string; port: number }): Promise<unknown> =>
    once(createServer().listen(port, host), 'listening');
  // An address of documentation (RFC 5737) and a name that never is (RFC 2606).
  for (const listen of ['192.0.2.77:8443', 'nohost.invalid:1'])
    await assert.rejects(listenAt('web.listen', listen, open), (error: OperationalError) => {
      assert.strictEqual(error.code, 'address_unusable');
      assert.ok(error.message.startsWith(`web.listen: ${listen} cannot be listened on: `), error.message);
      return true;
    });
});
