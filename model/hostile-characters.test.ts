import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeVisible, nameCharacter, splitHostile } from './hostile-characters.ts';

const hidden = (text: string): string[] =>
  splitHostile(text)
    .filter((part) => part.hidden)
    .map((part) => nameCharacter(part.text));

test('control characters, direction marks and invisible ones are found and named', () => {
  assert.deepEqual(hidden('a\u0000b\u001b[31mc\u007f\n'), ['NUL', 'ESC', 'DEL', 'LF']);
  assert.deepEqual(hidden('exe\u202egpj \u2066x\u2069 \u200bz \ufeff'), [
    'U+202E',
    'U+2066',
    'U+2069',
    'U+200B',
    'U+FEFF',
  ]);
  assert.deepEqual(hidden('\u{e0041}\u00ad\u0085\u2028\ue000'), [
    'U+E0041',
    'U+00AD',
    'U+0085',
    'U+2028',
    'U+E000',
  ]);
});

test('what can be seen stays as it is, in any script', () => {
  for (const text of ['root', '<b>\'"&', 'пользователь', '密码', '🐝', 'café', 'a b'])
    assert.deepEqual(splitHostile(text), [{ text, hidden: false }]);
});

test('nothing is lost and nothing is added', () => {
  const text = 'a\u202eb\r\nc\u0000';
  assert.equal(
    splitHostile(text)
      .map((part) => part.text)
      .join(''),
    text,
  );
});

test('where nothing can be marked they stand in brackets', () => {
  assert.equal(makeVisible('exe\u202egpj\r\n 🐝'), 'exe[U+202E]gpj[CR][LF] 🐝');
  assert.equal(makeVisible('a\ud83db'), 'a[U+D83D]b');
});
