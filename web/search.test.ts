import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepFilter, parseSearch, searchText } from './search.ts';

test('a query string comes back as it was, hostile values too', () => {
  const search = { last: '7d', username: ["o'brien & co", 'a=b#?\u202e'], service: '', password: '100%+1' };
  assert.deepEqual(parseSearch(searchText(search)), search);
});

test('what is absent leaves no trace, and pages do not travel', () => {
  assert.equal(searchText({ last: undefined }), '');
  assert.deepEqual(keepFilter({ before: '1-2', sensor: '3' }), { sensor: '3' });
});
