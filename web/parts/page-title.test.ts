import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageTitle } from './page-title.ts';

test('a page is called after what it shows, and nothing hides in it', () => {
  assert.equal(pageTitle('/'), 'Overview · Apiary');
  assert.equal(pageTitle('/events'), 'Events · Apiary');
  assert.equal(pageTitle('/reports/global/passwords'), 'Report global/passwords · Apiary');
  assert.equal(pageTitle('/sessions/3/a%E2%80%AEb'), 'Session 3/a[U+202E]b · Apiary');
  assert.equal(pageTitle('/files/%zz'), 'File %zz · Apiary');
});
