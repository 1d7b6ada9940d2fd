import assert from 'node:assert';
import { test } from 'node:test';
import { narrow } from './local-scope.ts';

test('each record table gets the condition, and what an ARRAY JOIN joins is none', () => {
  assert.strictEqual(
    narrow('SELECT x FROM heralding_json ARRAY JOIN auth_attempts AS attempt', 'c = 1'),
    'SELECT x FROM (SELECT * FROM heralding_json WHERE c = 1) AS heralding_json ARRAY JOIN auth_attempts AS attempt',
  );
  assert.strictEqual(
    narrow('SELECT x FROM a_b AS one JOIN c_d USING (y)', 'c = 1'),
    'SELECT x FROM (SELECT * FROM a_b WHERE c = 1) AS one JOIN (SELECT * FROM c_d WHERE c = 1) AS c_d USING (y)',
  );
});
