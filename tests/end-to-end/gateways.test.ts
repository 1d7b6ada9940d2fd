/** Gateways of their own before one server: who may pass, what is kept when they die, and that the server judges itself. */
import assert from 'node:assert';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { CollectorProcess } from '../rig/collector-process.ts';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { GatewayProcess } from '../rig/gateway-process.ts';
import { batchOfLines, LightClient } from '../rig/light-client.ts';
import { Link } from '../rig/link.ts';
import { seededRandom } from '../rig/random.ts';
import { ServerProcess } from '../rig/server-process.ts';

const seed = 20_151_126;
const kills = 14;

interface Place {
  root: string;
  server: ServerProcess;
  /** The collectors' own way to the server. */
  link: Link;
  /** The gateways' way. */
  control_link: Link;
  gateways: GatewayProcess[];
  collectors: CollectorProcess[];
  sources: CowrieSource[];
}

/** A server with gateways that run, and collectors with a Cowrie each that do not run yet. */
async function openPlace(
  t: TestContext,
  counts: { gateways: number; collectors: number; bytes_per_second?: number },
): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'apiary-gateways-'));
  // Where collectors are led to at first, and may be kept from.
  const link = await Link.open(() => server.gateway_port);
  const control_link = await Link.open(() => server.gateway_port);
  const server: ServerProcess = await ServerProcess.start(join(root, 'server'), {
    gateway_address: `127.0.0.1:${link.port}`,
    control_address: `127.0.0.1:${control_link.port}`,
    gateway_bytes_per_second: counts.bytes_per_second ?? 1_000_000_000,
  });
  const place: Place = { root, server, link, control_link, gateways: [], collectors: [], sources: [] };
  t.after(async () => {
    for (const one of [...place.collectors, ...place.gateways]) await one.kill();
    await server.kill();
    await link.close();
    await control_link.close();
    rmSync(root, { recursive: true, force: true });
  });
  for (let number = 1; number <= counts.gateways; number += 1) {
    const gateway = await GatewayProcess.enrol(server, join(root, `gateway-${number}`), `gate-${number}`);
    place.gateways.push(gateway);
    await gateway.start();
  }
  for (let number = 1; number <= counts.collectors; number += 1) {
    const name = `pot-${number}`;
    const source = new CowrieSource(join(root, name, 'cowrie.json'), name);
    place.sources.push(source);
    const sensors = [{ name, type: 'cowrie', paths: { json: source.path } }];
    place.collectors.push(
      await CollectorProcess.enrol(server, join(root, `collector-${number}`), name, sensors),
    );
  }
  return place;
}

async function until(place: Place, what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > deadline)
      throw new Error(
        `${what} did not come\n${[place.server, ...place.gateways, ...place.collectors]
          .map(({ output }) => output.slice(-1500))
          .join('\n---\n')}`,
      );
    await sleep(100);
  }
}

const loaded = (place: Place): Promise<{ rows: number; known: number; waiting: number }> =>
  place.server.order('loaded', {});
const allLoaded = (place: Place) => async (): Promise<boolean> => {
  const { rows, waiting } = await loaded(place);
  return waiting === 0 && rows >= place.sources.reduce((sum, { written }) => sum + written, 0);
};

const enrolmentOf = (collector: CollectorProcess): { gateway: string; gateways?: string[] } =>
  JSON.parse(readFileSync(join(collector.directory, 'enrolment.json'), 'utf8'));

const serialOf = ({ directory }: { directory: string }): string =>
  new X509Certificate(readFileSync(join(directory, 'cert.pem'))).serialNumber
    .toLowerCase()
    .replace(/^0+/, '');

/** A batch of one line, the first of a chain. */
const batchOf = (sensor: string, text: string, spool: string): Buffer =>
  batchOfLines({ sensor, seq: 1, spool_id: spool.repeat(16) }, [text], 0).bytes;

test('two gateways are killed at random before one server: every line is there once', {
  timeout: 240_000,
}, async (t) => {
  const place = await openPlace(t, { gateways: 2, collectors: 2 });
  const { server, link, control_link, gateways, collectors, sources } = place;
  const random = seededRandom(seed);
  for (const collector of collectors) collector.run();
  await until(place, 'the names of the gateways', async () =>
    collectors.every((collector) => enrolmentOf(collector).gateways?.length === 2),
  );
  // Each begins with another one, and the server itself comes last.
  assert.deepStrictEqual(
    collectors.map((collector) => enrolmentOf(collector).gateways),
    [
      [`127.0.0.1:${gateways[1]!.port}`, `127.0.0.1:${gateways[0]!.port}`],
      [`127.0.0.1:${gateways[0]!.port}`, `127.0.0.1:${gateways[1]!.port}`],
    ],
  );
  assert.ok(collectors.every((one) => enrolmentOf(one).gateway === `127.0.0.1:${link.port}`));
  // From here on nothing comes but by the gateways.
  link.cut();
  let writes = true;
  const writer = (async () => {
    while (writes) {
      for (const source of sources) source.write(1 + Math.floor(random() * 60));
      await sleep(30);
    }
  })();
  const restarts: Promise<void>[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(100 + Math.floor(random() * 500));
    const gateway = gateways[Math.floor(random() * gateways.length)]!;
    if (random() < 0.5) {
      // What it holds then never gets there.
      control_link.cut();
      await sleep(100 + Math.floor(random() * 200));
    }
    await gateway.kill();
    control_link.mend();
    const pause_ms = Math.floor(random() * 600);
    // Now and then both are away.
    const restart = sleep(pause_ms).then(() => gateway.start());
    if (random() < 0.7) await restart;
    else {
      const other = gateways.find((one) => one !== gateway)!;
      await other.kill();
      await restart;
      restarts.push(other.start());
      await restarts.at(-1);
    }
  }
  writes = false;
  await writer;
  await until(place, 'all lines', allLoaded(place));
  const through = gateways.map(({ directory }) => readdirSync(directory).sort());
  for (const files of through)
    assert.deepStrictEqual(files, ['authority.pem', 'cert.pem', 'enrolment.json', 'key.pem']);
  for (const collector of collectors) await collector.kill('SIGTERM');
  await server.stop();
  const rows = await readEngine(server.directory, (store) =>
    store.query(
      `SELECT sensor, count() AS records, uniqExact(session) AS different,
         max(toUInt64OrZero(splitByChar('-', session)[3])) AS highest
       FROM cowrie_json GROUP BY sensor ORDER BY sensor`,
    ),
  );
  assert.deepStrictEqual(
    rows,
    sources.map(({ name, written }) => ({
      ...{ sensor: name, records: String(written), different: String(written) },
      highest: String(written - 1),
    })),
  );
  assert.ok(sources.every(({ written }) => written > 200));
});

test('what may not pass is refused at the edge, counted at the server, and judged there again', {
  timeout: 180_000,
}, async (t) => {
  const place = await openPlace(t, { gateways: 1, collectors: 2, bytes_per_second: 100_000 });
  const { server, gateways, collectors } = place;
  const [gateway] = gateways as [GatewayProcess];
  const [first, second] = collectors as [CollectorProcess, CollectorProcess];
  const by_gateway = new LightClient(first.directory, gateway.port);
  const forged = new LightClient(gateway.directory, server.gateway_port);
  const direct = new LightClient(first.directory, server.gateway_port);
  t.after(() => {
    for (const client of [by_gateway, forged, direct]) client.close();
  });
  const line = new CowrieSource(join(place.root, 'unused', 'x.json'), 'x').line(1);

  // Through it as to the server, with the server's own acknowledgement.
  const ack = await by_gateway.post('/b', batchOf('pot-1', line, 'a1'));
  assert.deepStrictEqual([ack.status, ack.body.status, ack.body.seq], [200, 'durable', 1]);
  assert.strictEqual((await by_gateway.post('/b', batchOf('pot-1', line, 'a1'))).body.status, 'known');

  // A whole file, by its hash; one that is another is refused by the server, in its words.
  const file = Buffer.from('\x7fELF of a worm');
  const sha256 = createHash('sha256').update(file).digest('hex');
  const offer = (hash: string) => by_gateway.post(`/a?sensor=pot-1&sha256=${hash}`, file);
  assert.deepStrictEqual((await offer(sha256)).body, { status: 'durable', sha256 });
  assert.strictEqual((await offer('0'.repeat(64))).body.error?.code, 'artifact_mismatch');
  assert.ok(
    readdirSync(join(server.directory, 'artifacts'), { recursive: true }).some((path) =>
      String(path).includes(sha256),
    ),
  );

  // The edge refuses without asking the server to take anything.
  const refusals = async (): Promise<Map<string, number>> => {
    const { collectors: told, refused_peers } = await server.get<{
      collectors: {
        collector: string;
        refusals: { reason: string; count: number; last_message: string }[];
      }[];
      refused_peers: { reason: string; count: number; last_message: string }[];
    }>('/sensors');
    const all = [...told.flatMap((one) => one.refusals), ...refused_peers];
    return new Map(
      all
        .filter(({ last_message }) => last_message.startsWith('at the gateway gate-1: '))
        .map(({ reason, count }) => [reason, count]),
    );
  };
  const codes: string[] = [];
  for (const [path, body] of [
    ['/b', batchOf('pot-2', line, 'a2')],
    ['/b', batchOf('nobody', line, 'a3')],
    ['/b', Buffer.from('no batch')],
    ['/e', Buffer.from('{}')],
    [`/a?sensor=pot-1&sha256=${sha256}`, file],
  ] as const) {
    const { status, body: told } = await by_gateway.post(path, body, {
      ...(path.startsWith('/a') ? { 'Content-Length': 64 * 1024 ** 2 + 1 } : {}),
    });
    codes.push(`${status} ${told.error?.code}`);
  }
  assert.deepStrictEqual(codes, [
    '403 sensor_foreign',
    '403 sensor_unknown',
    '400 batch_malformed',
    '404 not_found',
    '413 artifact_too_large',
  ]);
  await until(place, 'the counts', async () => {
    const counts = await refusals();
    return ['sensor_foreign', 'sensor_unknown', 'batch_malformed', 'not_found', 'artifact_too_large'].every(
      (code) => counts.get(code) === 1,
    );
  });

  // What is new is known at the next request.
  await server.order('sensorAdd', { name: 'new', type: 'cowrie', collector: 'pot-1' });
  assert.strictEqual((await by_gateway.post('/b', batchOf('new', line, 'ae'))).body.status, 'durable');
  const newcomer = await CollectorProcess.enrol(server, join(place.root, 'newcomer'), 'newcomer', [
    { name: 'newest', type: 'cowrie', paths: { json: '/nowhere' } },
  ]);
  const by_newcomer = new LightClient(newcomer.directory, gateway.port);
  t.after(() => by_newcomer.close());
  assert.strictEqual((await by_newcomer.post('/b', batchOf('newest', line, 'af'))).body.status, 'durable');

  // Who sent more than its rate waits: ten lines of 70,000 random digits are more than its burst and its sensor's.
  const random = seededRandom(seed);
  const digits = (): string =>
    Array.from({ length: 17_500 }, () =>
      Math.floor(random() * 65_536)
        .toString(16)
        .padStart(4, '0'),
    ).join('');
  const flood = batchOfLines(
    { sensor: 'newest', seq: 2, spool_id: 'af'.repeat(16) },
    Array.from({ length: 10 }, digits),
    1000,
  );
  assert.ok(flood.bytes.length > 300_000);
  assert.strictEqual((await by_newcomer.post('/b', flood.bytes)).status, 200, 'once');
  const limited = await by_newcomer.post('/b', batchOf('newest', line, 'a0'));
  assert.deepStrictEqual([limited.status, limited.body.error?.code], [429, 'rate_limited']);
  assert.ok(Number(limited.body.error?.details.retry_after_ms) > 0);
  await until(place, 'its count', async () => (await refusals()).get('rate_limited') === 1);

  // A collector's certificate forwards nothing, nor does it get the roster.
  const own = serialOf(first);
  const other = serialOf(second);
  const stolen = await direct.post(`/b?for=${other}`, batchOf('pot-2', line, 'a4'));
  assert.deepStrictEqual([stolen.status, stolen.body.error?.code], [403, 'not_a_gateway']);
  const twice = await by_gateway.post(`/b?for=${other}`, batchOf('pot-2', line, 'a5'));
  assert.strictEqual(twice.body.error?.code, 'sensor_foreign', 'the edge goes by what was shown to it');
  assert.strictEqual((await direct.post('/g', Buffer.from('{}'))).body.error?.code, 'not_a_gateway');
  // A gateway says for whom it speaks, writes nothing itself, and is believed in nothing else.
  assert.strictEqual(
    (await forged.post('/b', batchOf('pot-1', line, 'a6'))).body.error?.code,
    'input_invalid',
  );
  const foreign = await forged.post(`/b?for=${own}`, batchOf('pot-2', line, 'a7'));
  assert.strictEqual(foreign.body.error?.code, 'sensor_foreign');
  const unknown = await forged.post('/b?for=00', batchOf('pot-1', line, 'a8'));
  assert.strictEqual(unknown.body.error?.code, 'certificate_invalid');
  // A gateway shows itself to collectors only: nobody enrols at one.
  const { command } = await server.order<{ command: string }>('collectorAdd', {
    name: 'late',
    lives_in: 'elsewhere',
  });
  const lured = command.replace(/--server \S+/, `--server 127.0.0.1:${gateway.port}`);
  const late = new CollectorProcess(join(place.root, 'late'));
  await assert.rejects(late.finish(lured.split(' ').slice(1)), /one of a gateway, not of the server/);

  // Revoked: the server refuses at the next request, whatever a gateway remembers.
  await server.order('collectorRevoke', { name: 'pot-2' });
  const at_once = await forged.post(`/b?for=${other}`, batchOf('pot-2', line, 'a9'));
  assert.deepStrictEqual([at_once.status, at_once.body.error?.code], [403, 'collector_revoked']);
  const revoked = new LightClient(second.directory, gateway.port);
  t.after(() => revoked.close());
  const refused = await revoked.post('/b', batchOf('pot-2', line, 'aa'));
  assert.deepStrictEqual([refused.status, refused.body.error?.code], [403, 'collector_revoked']);
  assert.strictEqual((await by_gateway.post('/b', batchOf('pot-1', line, 'ab'))).status, 200);

  const listed = async (): Promise<string> => {
    const { gateways: list } = await server.order<{ gateways: { name: string; state: string }[] }>(
      'gatewayList',
      {},
    );
    return list.map(({ name, state }) => `${name} ${state}`).join('\n');
  };
  assert.match(await listed(), /^gate-1 asked \d s ago$/);
  // A revoked gateway forwards nothing; collectors are told to wait, and look for another.
  await server.order('gatewayRevoke', { name: 'gate-1' });
  const again = await forged.post(`/b?for=${own}`, batchOf('pot-1', line, 'ac'));
  assert.deepStrictEqual([again.status, again.body.error?.code], [403, 'gateway_revoked']);
  const waiting = await by_gateway.post('/b', batchOf('pot-1', line, 'ad'));
  assert.deepStrictEqual([waiting.status, waiting.body.error?.code], [503, 'server_away']);
  assert.ok(Number(waiting.body.error?.details.retry_after_ms) > 0);
  const { rows, known } = await loaded(place);
  assert.ok(rows + known <= 14, 'only what was acknowledged');
  assert.match(await listed(), /^gate-1 revoked$/);
});

test('the server is away: collectors are told to wait, keep all, and a new authority reaches them by gateways', {
  timeout: 240_000,
}, async (t) => {
  const place = await openPlace(t, { gateways: 1, collectors: 1 });
  const { server, gateways, collectors, sources } = place;
  const [gateway] = gateways as [GatewayProcess];
  const [collector] = collectors as [CollectorProcess];
  const [source] = sources as [CowrieSource];
  // To strangers it is as silent as the server.
  const alert = await new Promise<string>((resolve) => {
    const options = { host: '127.0.0.1', port: gateway.port, rejectUnauthorized: false } as const;
    const socket = connect({ ...options, minVersion: 'TLSv1.3' }, () => socket.write('x'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve('closed'));
  });
  assert.strictEqual(alert, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  source.write(20);
  collector.run();
  await until(place, 'the first lines', allLoaded(place));
  await until(place, 'the gateway’s name', async () => enrolmentOf(collector).gateways?.length === 1);
  place.link.cut();
  await server.stop();
  const client = new LightClient(collector.directory, gateway.port);
  t.after(() => client.close());
  const told = await client.post('/h', Buffer.from('{}'));
  assert.deepStrictEqual([told.status, told.body.error?.code], [503, 'server_away']);
  assert.ok(Number(told.body.error?.details.retry_after_ms) > 0);
  source.write(30);
  // A gateway that begins while the server is away waits with the others.
  await gateway.kill();
  await gateway.start();
  assert.strictEqual((await client.post('/h', Buffer.from('{}'))).status, 503);
  source.write(30);
  await server.restart();
  // What a run loads is counted from its start.
  await until(place, 'what was kept', async () => {
    const { rows, waiting } = await loaded(place);
    return waiting === 0 && rows >= 60;
  });

  // A new root: the collector and the gateway learn it, then the gateway shows it.
  const shown = (): string[] =>
    readFileSync(join(gateway.directory, 'cert.pem'), 'utf8').match(
      /-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g,
    ) ?? [];
  const before = shown();
  await server.order('authorityRoll', { what: 'root' });
  const root_2 = new X509Certificate(
    readFileSync(join(server.directory, 'pki', 'root-2', 'certificate.pem')),
  );
  await until(
    place,
    'the new chain at the gateway',
    async () => new X509Certificate(shown().at(-1)!).fingerprint256 === root_2.fingerprint256,
  );
  assert.strictEqual(before.length, 3);
  await collector.kill();
  collector.run();
  source.write(10);
  await until(place, 'lines under the new root', async () => (await loaded(place)).rows >= 70);
  await server.stop();
  const [row] = await readEngine(server.directory, (store) =>
    store.query<{ records: string; different: string }>(
      'SELECT count() AS records, uniqExact(session) AS different FROM cowrie_json',
    ),
  );
  assert.deepStrictEqual(row, { records: String(source.written), different: String(source.written) });
});
