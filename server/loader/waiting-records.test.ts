/** Records that waited come in on the real engine: byte for byte, once, with their events; what no view takes waits on. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { createLookups } from '../store/lookups.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Rendering, storedName } from '../store/template.ts';
import { escapeText, row_columns } from './rows.ts';
import { type Released, type ReleaseOptions, releaseWaiting } from './waiting-records.ts';

const lineOf = (number: number): string =>
  JSON.stringify({
    eventid: 'cowrie.login.failed',
    timestamp: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    username: 'root',
    password: `p${number}`,
    session: `s${number}`,
    src_ip: '203.0.113.7',
  });

for (const rendering of ['single', 'local_shards'] as const satisfies Rendering[])
  describe(`records that waited (${rendering})`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'apiary-waiting-'));
    const store = new Store({ directory, rendering });
    const log: string[] = [];
    const noted: Released[] = [];

    const release = (over: Partial<ReleaseOptions> = {}): Promise<number> =>
      releaseWaiting({
        store,
        typeOf: (sensor_id) =>
          new Map([
            [5, 'cowrie'],
            [6, 'beekeeper'],
          ]).get(sensor_id),
        streams: new Map([['cowrie', new Set(['json'])]]),
        note: (released) => noted.push(released),
        log: (message) => log.push(message),
        ...over,
      });

    const wait = (
      sensor_id: number,
      stream: string,
      first: number,
      raws: readonly string[],
    ): Promise<void> => {
      const rows = raws.map((raw, index) => {
        const place = first + index;
        const [segment, flags] = [place < 100 ? 11 : 12, 4];
        return `${[sensor_id, stream, '/log', 'UTC', '17446744073709551615', '1767300000.000001', segment, place, 0, flags, raw.length, escapeText(raw)].join('\t')}\n`;
      });
      const landing = storedName('landing_waiting', rendering);
      return store.insertTsv(landing, row_columns, Buffer.from(rows.join(''), 'latin1'));
    };
    const count = async (table: string, where = 'true'): Promise<number> => {
      const [row] = await store.query<{ n: string }>(`SELECT count() AS n FROM ${table} WHERE ${where}`);
      return Number(row!.n);
    };

    /** The store, with something that looks at what is inserted and may refuse it. */
    const inserting = (look: (rows: Buffer) => void): Store => {
      const looking = {
        rendering,
        query: store.query.bind(store),
        queryBytes: store.queryBytes.bind(store),
        command: store.command.bind(store),
        insertTsv: async (...given: Parameters<Store['insertTsv']>) => {
          look(given[2]);
          await store.insertTsv(...given);
        },
      };
      return Object.assign(looking, { shards: [looking] }) as unknown as Store;
    };

    before(async () => {
      await store.whenUp();
      await createLookups(store);
      await migrate(store, [cowrie]);
    });
    after(async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    });

    test('those with a submodule now come in, with their place and bytes; others wait on', async () => {
      const odd = 'tab\t line\nback\\slash \xff\xfe nul\0';
      await wait(5, 'json', 0, [...Array.from({ length: 150 }, (_, number) => lineOf(number)), odd]);
      await wait(5, 'text', 0, ['a stream that it has not']);
      await wait(6, 'json', 0, ['a type that is not there']);
      await wait(9, 'json', 0, ['a sensor that is not there']);
      assert.equal(await release(), 151);
      assert.deepEqual(noted, [{ sensor_id: 5, table: 'cowrie_json', records: 151 }]);
      assert.equal(await count('cowrie_json'), 151);
      assert.equal(await count('cowrie_json', 'flags = 20 AND generation = 17446744073709551615'), 151);
      const [row] = await store.query<{ hex: string; place: string; parse: string; segment_id: string }>(
        'SELECT hex(raw) AS hex, place, parse, segment_id FROM cowrie_json ORDER BY place DESC LIMIT 1',
      );
      assert.deepEqual(row, {
        hex: Buffer.from(odd, 'latin1').toString('hex').toUpperCase(),
        place: '150',
        parse: 'not_json',
        segment_id: '12',
      });
      assert.equal(await count('event', "action = 'authenticate' AND sensor_id = 5"), 150);
      assert.equal(await count('record_waiting'), 3);
      assert.equal(await release(), 0);
      assert.equal(await count('cowrie_json'), 151);
    });

    test('a start that ends before they have left goes on without doubling any', async () => {
      const lines = Array.from({ length: 45_000 }, (_, number) => lineOf(number));
      await wait(5, 'json', 1000, lines);
      let inserted = 0;
      const dying = inserting(() => {
        inserted += 1;
        if (inserted > 2) throw new Error('an engine that dies says something else');
      });
      const dead = (): never => {
        throw new Error('ended');
      };
      // Two chunks are in, the third is refused row by row until it is plain that the view is at fault.
      await assert.rejects(release({ store: dying, note: dead }), /ended/);
      assert.equal(await count('record_waiting'), 45_003);
      assert.equal(await count('cowrie_json'), 40_151);
      assert.equal(await release(), 45_000);
      assert.equal(await count('cowrie_json'), 45_151);
      assert.equal(await count('event', 'sensor_id = 5'), 45_150);
      assert.equal(await count('record_waiting'), 3);
    });

    test('what no view takes waits on, and is told; the others come in', async () => {
      await wait(5, 'json', 100_000, [lineOf(1), 'poison', lineOf(2), 'poison', lineOf(3)]);
      const refusing = inserting((rows) => {
        if (rows.includes('poison')) throw new Error('the view throws');
      });
      assert.equal(await release({ store: refusing }), 3);
      assert.match(log.join('\n'), /2 records of sensor 5 go on waiting: no view of cowrie_json takes them/);
      const left = await store.query<{ place: string }>(
        "SELECT place FROM record_waiting WHERE sensor_id = 5 AND stream = 'json' ORDER BY place",
      );
      assert.deepEqual(
        left.map(({ place }) => place),
        ['100001', '100003'],
      );
      assert.equal(await release(), 2, 'another version of the view takes them');
      assert.equal(await count('cowrie_json', 'place >= 100000'), 5);
    });
  });
