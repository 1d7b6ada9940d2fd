/** Users who log in elsewhere: found by the subject of their issuer, made at their first log-in. */
import type { User, UserRole } from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';
import { addUser, changeUser, getUser, listUsers, makePassword } from './users.ts';

export interface Subject {
  issuer: string;
  subject: string;
  /** As it is to be called here where it is new. */
  name: string;
  role: UserRole;
}

/**
 * The user of a subject, with the role that the issuer says now; of who is confined to honeynets here the roles there stay.
 * @throws OperationalError `conflict` where another user has the name; `forbidden` for who is disabled
 */
export async function findSubject(state: StateDatabase, subject: Subject): Promise<User> {
  const { issuer, subject: id, name, role } = subject;
  const known = state.get<{ user_id: number }>(
    'SELECT user_id FROM user_subject WHERE issuer = ? AND subject = ?',
    ...[issuer, id],
  );
  if (known === undefined) return addSubject(state, subject);
  const user = getUser(state, known.user_id);
  if (user.disabled_ms !== null) throw new OperationalError('forbidden', `the user ${name} is disabled here`);
  if (user.honeynets !== null || user.role === role) return user;
  return changeUser(state, issuer, user.user_id, { role });
}

async function addSubject(state: StateDatabase, { issuer, subject, name, role }: Subject): Promise<User> {
  // A name is no proof: whoever may choose theirs there must not become somebody here.
  if (listUsers(state).some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw new OperationalError(
      'conflict',
      `there is a user ${name} here already, who logs in with a password; an administrator of Apiary renames neither: ask for another name at ${issuer}`,
    );
  // Nobody knows the password, so that the name opens nothing by itself.
  const user = await addUser(state, issuer, { name, role, password: makePassword() });
  state.run(
    'INSERT INTO user_subject (issuer, subject, user_id) VALUES (?, ?, ?)',
    issuer,
    subject,
    user.user_id,
  );
  return user;
}
