/** Who may log in, and who is logged in. Passwords are argon2id hashes, log-ins hashes of random tokens. */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { type SetAccess, type User, type UserRole, user_roles } from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { hash, type Options, verify } from '@node-rs/argon2';
import { withAccess, writeAccess } from './access.ts';
import type { StateDatabase } from './database.ts';

/** OWASP's password storage sheet (2024): argon2id, 19 MiB, two passes, one lane. */
const argon2_options: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A log-in ends this long after it was last used … */
export const login_idle_ms = 12 * 3_600_000;
/** … and in any case this long after it began. */
export const login_whole_ms = 7 * 86_400_000;
/** How often `seen_ms` is written: not on every request. */
const seen_every_ms = 60_000;

const columns = 'user_id, name, role, created_ms, disabled_ms';
type UserRow = Omit<User, 'honeynets' | 'sees_secrets'>;
type GivenAccess = { [name in keyof SetAccess]?: SetAccess[name] | undefined };

/** A hash that no password has, so that an unknown name takes as long as a wrong password. */
let nobody: Promise<string> | undefined;

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** 20 characters without those that look alike: 98 bits. */
export function makePassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  return Array.from({ length: 20 }, () => letters[randomInt(letters.length)])
    .join('')
    .replace(/(.{5})(?=.)/g, '$1-');
}

/** What is said of access; what is undefined is not said. */
const given = ({ honeynets, sees_secrets }: GivenAccess): Partial<SetAccess> => ({
  ...(honeynets === undefined ? {} : { honeynets }),
  ...(sees_secrets === undefined ? {} : { sees_secrets }),
});

export function listUsers(state: StateDatabase): User[] {
  return state.all<UserRow>(`SELECT ${columns} FROM user ORDER BY name`).map((row) => withAccess(state, row));
}

export function getUser(state: StateDatabase, user_id: number): User {
  const row = state.get<UserRow>(`SELECT ${columns} FROM user WHERE user_id = ?`, user_id);
  if (row === undefined) throw new OperationalError('not_found', `there is no user ${user_id}`);
  return withAccess(state, row);
}

/** @throws OperationalError conflict where the name is taken */
export async function addUser(
  state: StateDatabase,
  actor: string,
  { name, role, password, ...access }: { name: string; role: UserRole; password: string } & GivenAccess,
): Promise<User> {
  const password_hash = await hash(password, argon2_options);
  return state.change(actor, 'add user', name, { role, ...access }, () => {
    if (state.get('SELECT 1 FROM user WHERE name = ?', name) !== undefined)
      throw new OperationalError('conflict', `the user ${name} exists`);
    const { id } = state.run(
      'INSERT INTO user (name, role, password_hash, created_ms) VALUES (?, ?, ?, ?)',
      name,
      role,
      password_hash,
      Date.now(),
    );
    state.run('UPDATE user SET role = ? WHERE user_id = ?', writeAccess(state, id, role, given(access)), id);
    return getUser(state, id);
  });
}

/** Changes role, password or access of a user. The last administrator who can log in stays one. */
export async function changeUser(
  state: StateDatabase,
  actor: string,
  user_id: number,
  change: {
    role?: UserRole | undefined;
    disabled?: boolean | undefined;
    password?: string | undefined;
  } & GivenAccess,
): Promise<User> {
  const password_hash = change.password === undefined ? null : await hash(change.password, argon2_options);
  const user = getUser(state, user_id);
  const { password: _, ...said } = change;
  const details = { ...said, password: change.password !== undefined };
  return state.change(actor, 'change user', user.name, details, () => {
    const disabled_ms =
      change.disabled === undefined
        ? user.disabled_ms
        : change.disabled
          ? (user.disabled_ms ?? Date.now())
          : null;
    state.run(
      'UPDATE user SET role = ?, disabled_ms = ?, password_hash = coalesce(?, password_hash) WHERE user_id = ?',
      writeAccess(state, user_id, change.role ?? user.role, given(change)),
      disabled_ms,
      password_hash,
      user_id,
    );
    const { administrators } = state.get<{ administrators: number }>(
      `SELECT count(*) AS administrators FROM user WHERE role = ? AND disabled_ms IS NULL`,
      user_roles[0],
    )!;
    if (administrators === 0)
      throw new OperationalError('conflict', `${user.name} is the last administrator who can log in`);
    if (password_hash !== null || disabled_ms !== null)
      state.run('DELETE FROM login WHERE user_id = ?', user_id);
    return getUser(state, user_id);
  });
}

/** Makes the first administrator where there is no user yet; the password is given back this once only. */
export async function ensureFirstAdministrator(
  state: StateDatabase,
): Promise<{ name: string; password: string } | null> {
  if (listUsers(state).length > 0) return null;
  const first = { name: 'admin', password: makePassword() };
  await addUser(state, 'first start', { ...first, role: 'administrator' });
  return first;
}

/** @returns the user, or null for an unknown name, a wrong password or a disabled user */
export async function checkPassword(
  state: StateDatabase,
  name: string,
  password: string,
): Promise<User | null> {
  nobody ??= hash(randomBytes(32).toString('base64'), argon2_options);
  const row = state.get<UserRow & { password_hash: string }>(
    `SELECT ${columns}, password_hash FROM user WHERE name = ?`,
    name,
  );
  const right = await verify(row?.password_hash ?? (await nobody), password);
  if (row === undefined || !right || row.disabled_ms !== null) return null;
  const { password_hash: _, ...user } = row;
  return withAccess(state, user);
}

/** Begins a log-in. @returns the token for the cookie; only its hash is kept */
export function beginLogin(
  state: StateDatabase,
  user_id: number,
  now_ms: number,
): { token: string; ends_ms: number } {
  const token = randomBytes(32).toString('base64url');
  const ends_ms = now_ms + login_whole_ms;
  state.run('DELETE FROM login WHERE ends_ms <= ? OR seen_ms <= ?', now_ms, now_ms - login_idle_ms);
  state.run(
    'INSERT INTO login (token_hash, user_id, created_ms, seen_ms, ends_ms) VALUES (?, ?, ?, ?, ?)',
    hashToken(token),
    user_id,
    now_ms,
    now_ms,
    ends_ms,
  );
  return { token, ends_ms };
}

/** @returns whose log-in the token is, or null where it is none, has ended or the user is disabled */
export function findLogin(
  state: StateDatabase,
  token: string,
  now_ms: number,
): { user: User; ends_ms: number } | null {
  const token_hash = hashToken(token);
  const login = state.get<{ user_id: number; seen_ms: number; ends_ms: number }>(
    'SELECT user_id, seen_ms, ends_ms FROM login WHERE token_hash = ? AND ends_ms > ? AND seen_ms > ?',
    token_hash,
    now_ms,
    now_ms - login_idle_ms,
  );
  if (login === undefined) return null;
  const user = getUser(state, login.user_id);
  if (user.disabled_ms !== null) return null;
  if (now_ms - login.seen_ms > seen_every_ms)
    state.run('UPDATE login SET seen_ms = ? WHERE token_hash = ?', now_ms, token_hash);
  return { user, ends_ms: login.ends_ms };
}

export function endLogin(state: StateDatabase, token: string): void {
  state.run('DELETE FROM login WHERE token_hash = ?', hashToken(token));
}
