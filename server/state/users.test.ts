import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateDatabase } from './database.ts';
import {
  addUser,
  beginLogin,
  changeUser,
  checkPassword,
  endLogin,
  ensureFirstAdministrator,
  findLogin,
  login_idle_ms,
  login_whole_ms,
} from './users.ts';

const now_ms = Date.UTC(2026, 0, 1);

test('the first administrator is made once, and only where there is no user', async () => {
  const state = new StateDatabase(':memory:');
  const first = await ensureFirstAdministrator(state);
  assert(first !== null);
  assert.equal(first.password.replaceAll('-', '').length, 20);
  const user = await checkPassword(state, first.name, first.password);
  assert.equal(user?.role, 'administrator');
  assert.equal(await ensureFirstAdministrator(state), null);
  state.close();
});

test('a wrong password, an unknown name and a disabled user are all refused', async () => {
  const state = new StateDatabase(':memory:');
  await addUser(state, 'test', { name: 'root', role: 'administrator', password: 'a long password' });
  const eva = await addUser(state, 'test', { name: 'eva', role: 'viewer', password: 'another password' });
  assert.equal((await checkPassword(state, 'EVA', 'another password'))?.name, 'eva');
  assert.equal(await checkPassword(state, 'eva', 'a long password'), null);
  assert.equal(await checkPassword(state, 'nobody', 'another password'), null);
  await changeUser(state, 'test', eva.user_id, { disabled: true });
  assert.equal(await checkPassword(state, 'eva', 'another password'), null);
  state.close();
});

test('a log-in ends by itself when idle, after its whole time, and by logging out', async () => {
  const state = new StateDatabase(':memory:');
  const user = await addUser(state, 'test', {
    name: 'root',
    role: 'administrator',
    password: 'a long password',
  });
  const idle = beginLogin(state, user.user_id, now_ms).token;
  assert.equal(findLogin(state, idle, now_ms + login_idle_ms - 1)?.user.name, 'root');
  assert.equal(findLogin(state, idle, now_ms + 2 * login_idle_ms), null);

  const used = beginLogin(state, user.user_id, now_ms).token;
  const step_ms = login_idle_ms / 2;
  for (let at = now_ms; at < now_ms + login_whole_ms; at += step_ms)
    assert.notEqual(findLogin(state, used, at), null);
  assert.equal(findLogin(state, used, now_ms + login_whole_ms), null);

  const left = beginLogin(state, user.user_id, now_ms).token;
  endLogin(state, left);
  assert.equal(findLogin(state, left, now_ms), null);
  assert.equal(findLogin(state, 'a guess', now_ms), null);
  state.close();
});

test('tokens are kept as hashes only, and a new password ends the log-ins', async () => {
  const state = new StateDatabase(':memory:');
  const user = await addUser(state, 'test', {
    name: 'root',
    role: 'administrator',
    password: 'a long password',
  });
  const { token } = beginLogin(state, user.user_id, now_ms);
  assert(!JSON.stringify(state.all('SELECT * FROM login')).includes(token));
  await changeUser(state, 'test', user.user_id, { password: 'a longer password' });
  assert.equal(findLogin(state, token, now_ms), null);
  state.close();
});

test('the last administrator who can log in stays one', async () => {
  const state = new StateDatabase(':memory:');
  const root = await addUser(state, 'test', {
    name: 'root',
    role: 'administrator',
    password: 'a long password',
  });
  await assert.rejects(changeUser(state, 'root', root.user_id, { role: 'viewer' }), { code: 'conflict' });
  await assert.rejects(changeUser(state, 'root', root.user_id, { disabled: true }), { code: 'conflict' });
  await addUser(state, 'root', { name: 'eva', role: 'administrator', password: 'another password' });
  const changed = await changeUser(state, 'root', root.user_id, { role: 'viewer' });
  assert.equal(changed.role, 'viewer');
  state.close();
});
