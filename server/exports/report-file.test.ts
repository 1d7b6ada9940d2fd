import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ReportAnswer } from '@apiary/model/api/reports.ts';
import { Catalogue } from '../reports/catalogue.ts';
import { columns, events, first_ms, now_ms, writeRow } from '../reports/testing/events.ts';
import { wholeView } from '../reports/view.ts';
import { StateDatabase } from '../state/database.ts';
import { createGeo } from '../store/geo.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { writeCsv } from './csv.ts';
import { writeReport } from './report-file.ts';

describe('CSV', () => {
  test('takes each sign for the beginning of a formula that a spreadsheet does', () => {
    for (const sign of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
      assert.match(writeCsv(['a'], [[`${sign}1`]]), /^a\r\n"?'/, JSON.stringify(sign));
  });
  test('keeps quotes, commas and lines, and lets no formula through', () => {
    assert.equal(
      writeCsv(
        ['a', 'b'],
        [
          ['say "hi", you', 1],
          ['=cmd|calc!A0', -2.5],
          ['+1', 0],
          ['two\nlines', 3],
        ],
      ),
      'a,b\r\n"say ""hi"", you",1\r\n\'=cmd|calc!A0,-2.5\r\n\'+1,0\r\n"two\nlines",3\r\n',
    );
  });
});

describe('a report as a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-report-'));
  const catalogue = new Catalogue([]);
  const filter = { from: new Date(first_ms).toISOString(), to: new Date(now_ms).toISOString() };
  let store: Store;
  let state: StateDatabase;
  before(async () => {
    store = new Store({ directory: join(directory, 'store') });
    state = new StateDatabase(join(directory, 'state.sqlite'));
    await store.whenUp();
    await createGeo(store);
    await migrate(store, []);
    const hostile = {
      ...events[0]!,
      event_id: 999_999,
      vantage: 'honeypot',
      username: '<script>alert(1)</script>\u202e\u001b',
    };
    await store.insertTsv('event', columns, Buffer.from([...events, hostile].map(writeRow).join('')));
  });
  after(async () => {
    state.close();
    await store.close();
    rmSync(directory, { recursive: true });
  });
  const write = (id: string, format: 'csv' | 'json' | 'html' | 'parquet') =>
    writeReport(catalogue.find(id), wholeView(store, state), filter, format, now_ms);

  test('is CSV with the columns of the report', async () => {
    const { bytes, name, type } = await write('global/usernames', 'csv');
    assert.match(name, /^global-usernames-2026-\d\d-\d\d\.csv$/);
    assert.equal(type, 'text/csv; charset=utf-8');
    const lines = bytes.toString().split('\r\n');
    assert.equal(lines[0], 'username,events');
    assert(lines.includes('<script>alert(1)</script>\u202e\u001b,1'));
  });

  test('is JSON with the report, its period and its rows', async () => {
    const answer = JSON.parse((await write('global/usernames', 'json')).bytes.toString()) as ReportAnswer;
    assert.equal(answer.report.id, 'global/usernames');
    assert.equal(answer.period.from, filter.from);
    assert.deepEqual(answer.kinds, ['text', 'count']);
    assert.equal(typeof answer.rows[0]?.[1], 'number');
  });

  test('is Parquet', async () => {
    const { bytes } = await write('global/passwords', 'parquet');
    assert.equal(bytes.subarray(0, 4).toString(), 'PAR1');
    assert.equal(bytes.subarray(-4).toString(), 'PAR1');
  });

  test('is HTML with its chart, in which no text of an attacker is markup', async () => {
    for (const { report } of catalogue.list()) {
      const html = (await write(report.id, 'html')).bytes.toString();
      assert(!html.includes('<script'), report.id);
      const drawn = ['bar', 'line', 'series', 'heat'].includes(report.chart.kind) && report.group !== 'New';
      if (drawn) assert.match(html, /<svg[\s\S]*<\/svg>/, report.id);
    }
    assert.match(
      (await write('global/usernames', 'html')).bytes.toString(),
      /&lt;script&gt;alert\(1\)&lt;\/script&gt;\[U\+202E\]\[ESC\]</,
    );
  });
});
