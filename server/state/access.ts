/**
 * Where a user's role holds, and whether the user sees secrets. Who has no entry has the role of the table `user`
 * everywhere; an entry confines the user to honeynets, with a role in each.
 */
import {
  type HoneynetRole,
  type SetAccess,
  type User,
  type UserRole,
  user_roles,
} from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

interface Entry {
  /** null: everywhere. */
  honeynets: HoneynetRole[] | null;
  /** null: as the role has it. */
  sees_secrets: boolean | null;
}

const nameOf = (user_id: number): string => `access of user ${user_id}`;

function readEntry(state: StateDatabase, user_id: number): Entry {
  const row = state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', nameOf(user_id));
  return row === undefined ? { honeynets: null, sees_secrets: null } : (JSON.parse(row.value) as Entry);
}

/** A role in a honeynet is none over all: on pages of all honeynets its owner is analyst at most. */
const roleOverAll = (honeynets: readonly HoneynetRole[]): UserRole =>
  honeynets.some(({ role }) => role !== 'viewer') ? 'analyst' : 'viewer';

/** Adds to a row of the table `user` what it may see. */
export function withAccess(state: StateDatabase, user: Omit<User, 'honeynets' | 'sees_secrets'>): User {
  const { honeynets, sees_secrets } = readEntry(state, user.user_id);
  const role = honeynets === null ? user.role : roleOverAll(honeynets);
  return { ...user, role, honeynets, sees_secrets: sees_secrets ?? role !== 'viewer' };
}

/**
 * Writes what a change says of access; what it leaves out stays. To be called within a change of the user.
 * @returns the role for the table `user`
 * @throws OperationalError input_invalid for a honeynet that is not there
 */
export function writeAccess(
  state: StateDatabase,
  user_id: number,
  role: UserRole,
  change: Partial<SetAccess>,
): UserRole {
  const before = readEntry(state, user_id);
  const entry: Entry = {
    honeynets: change.honeynets === undefined ? before.honeynets : change.honeynets,
    sees_secrets: change.sees_secrets === undefined ? before.sees_secrets : change.sees_secrets,
  };
  for (const { honeynet_id } of entry.honeynets ?? [])
    if (state.get('SELECT 1 FROM honeynet WHERE honeynet_id = ?', honeynet_id) === undefined)
      throw new OperationalError('input_invalid', `honeynets: there is no honeynet ${honeynet_id}`);
  state.run(
    'INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)',
    nameOf(user_id),
    JSON.stringify(entry),
  );
  return entry.honeynets === null ? role : roleOverAll(entry.honeynets);
}

/** The honeynets in which a user has one of some roles; null: all, because the role holds everywhere. */
export function honeynetsOf(
  { role, honeynets }: Pick<User, 'role' | 'honeynets'>,
  roles: readonly UserRole[] = user_roles,
): number[] | null {
  if (honeynets === null) return roles.includes(role) ? null : [];
  return honeynets.filter((one) => roles.includes(one.role)).map(({ honeynet_id }) => honeynet_id);
}
