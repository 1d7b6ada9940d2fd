import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter_schema } from '@apiary/model/api/filter.ts';
import { carryFilter, keepFilter, parseSearch, readMoment, searchText } from './search.ts';

test('a query string comes back as it was, hostile values too', () => {
  const search = { last: '7d', username: ["o'brien & co", 'a=b#?\u202e'], service: '', password: '100%+1' };
  assert.deepEqual(parseSearch(searchText(search)), search);
});

test('what is absent leaves no trace, and pages do not travel', () => {
  assert.equal(searchText({ last: undefined }), '');
  assert.deepEqual(keepFilter({ before: '1-2', sensor: '3' }), { sensor: '3' });
});

test('every word of a filter goes along from page to page, and no word of another page', () => {
  const words = Object.fromEntries(Object.keys(filter_schema.shape).map((name) => [name, 'x']));
  const of_pages = {
    stage: 'spread',
    order: 'newest',
    offset: '50',
    actor: 'eva',
    replay: '0.5',
    log_in: 'failed',
  };
  assert.deepEqual(carryFilter({ ...words, ...of_pages, by: 'service', before: '1-2' }), words);
  // A page that has a filter is asked with what was mistyped, and tells it.
  assert.deepEqual(keepFilter({ usrname: 'root', log_in: 'failed' }), { usrname: 'root' });
});

test('a time that is none is known as none', () => {
  for (const text of ['abc', '', '2026-13-45T00:00:00Z', '2026-01-01T25:00:00Z', '275761-01-01T00:00:00'])
    assert.equal(readMoment(text), null, text);
  assert.equal(readMoment('2026-01-02T03:04:05.000Z'), Date.UTC(2026, 0, 2, 3, 4, 5));
});
