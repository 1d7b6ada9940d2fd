/** What the state tells where its disk is full, and of a version that is not known yet. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import { StateDatabase } from './database.ts';

test('a full disk is told as one, and nothing of a change is there', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-state-'));
  const state = new StateDatabase(join(folder, 'state.sqlite'));
  t.after(() => {
    state.close();
    rmSync(folder, { recursive: true });
  });
  const { page_count } = state.get<{ page_count: number }>('PRAGMA page_count')!;
  // SQLite's own bound gives the error that a full disk gives.
  state.get(`PRAGMA max_page_count = ${page_count}`);
  const put = (name: string): void =>
    void state.run('INSERT INTO setting (name, value) VALUES (?, ?)', name, 'x'.repeat(100_000));
  const full = (error: unknown): boolean =>
    error instanceof OperationalError &&
    error.code === 'state_unwritable' &&
    error.status === 503 &&
    /nothing can be written down: database or disk is full/.test(error.message);
  assert.throws(() => put('alone'), full);
  assert.throws(() => state.change('eva', 'set', 'x', {}, () => put('within')), full);
  assert.equal(state.get<{ n: number }>('SELECT count(*) AS n FROM setting')!.n, 0);
  assert.equal(state.get<{ n: number }>('SELECT count(*) AS n FROM change_log')!.n, 0);
  state.get('PRAGMA max_page_count = 1000000');
  put('again');
  // What is our own mistake stays one.
  assert.throws(() => state.run('INSERT INTO no_such_table VALUES (1)'), /no such table/);
});

test('a state of a later version is refused in words, and left as it is', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-state-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'state.sqlite');
  new StateDatabase(path).close();
  const later = new DatabaseSync(path);
  later.exec('PRAGMA user_version = 9999');
  later.close();
  assert.throws(() => new StateDatabase(path), {
    code: 'engine_unfit',
    message: /state\.sqlite is of a later version of Apiary \(9999; this one knows \d+\)/,
  });
});
