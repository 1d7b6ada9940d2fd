/** What the command line does with users. */
import { type HoneynetRole, user_name_schema, user_roles } from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { ApiaryServer } from './server.ts';
import { describeInventory } from './state/inventory-list.ts';
import { addUser, changeUser, listUsers, makePassword } from './state/users.ts';

type Args = Record<string, string | undefined>;

function roleOf(text: string): HoneynetRole['role'] {
  const role = user_roles.find((known) => known === text);
  if (role === undefined)
    throw new OperationalError('input_invalid', `the role "${text}" is none of: ${user_roles.join(', ')}`);
  return role;
}

function findUser(apiary: ApiaryServer, name: string | undefined) {
  const user = listUsers(apiary.state).find((known) => known.name === name);
  if (user === undefined) throw new OperationalError('not_found', `there is no user "${name ?? ''}"`);
  return user;
}

/** `all`, or `lab:analyst,campus:viewer`. */
function readHoneynets(apiary: ApiaryServer, text: string): HoneynetRole[] | null {
  if (text === 'all') return null;
  const { honeynets } = describeInventory(apiary.state);
  return text
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      const [, name = one, role = ''] = /^(.*):([^:]*)$/.exec(one) ?? [];
      const honeynet = honeynets.find((known) => known.name === name);
      if (honeynet === undefined)
        throw new OperationalError(
          'input_invalid',
          `there is no honeynet "${name}"; known are: ${honeynets.map((known) => known.name).join(', ') || 'none'}`,
        );
      return { honeynet_id: honeynet.honeynet_id, role: roleOf(role) };
    });
}

const secrets_words: Record<string, boolean | null> = { shown: true, hidden: false, 'by-role': null };

function readSecrets(text: string): boolean | null {
  const sees_secrets = secrets_words[text];
  if (sees_secrets === undefined)
    throw new OperationalError(
      'input_invalid',
      `--secrets is "${text}"; it can be: ${Object.keys(secrets_words).join(', ')}`,
    );
  return sees_secrets;
}

const readAccess = (apiary: ApiaryServer, { honeynets, secrets }: Args) => ({
  ...(honeynets === undefined ? {} : { honeynets: readHoneynets(apiary, honeynets) }),
  ...(secrets === undefined ? {} : { sees_secrets: readSecrets(secrets) }),
});

export const user_orders = {
  userAdd: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const password = makePassword();
    const { name } = args;
    if (name === undefined) throw new OperationalError('input_invalid', 'name is missing');
    const { error } = user_name_schema.safeParse(name);
    if (error !== undefined)
      throw new OperationalError(
        'input_invalid',
        `the name: ${error.issues.map(({ message }) => message).join(', ')}`,
      );
    await addUser(apiary.state, actor, {
      name,
      role: roleOf(args.role ?? 'analyst'),
      password,
      ...readAccess(apiary, args),
    });
    return { password };
  },
  userAccess: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const { user_id } = findUser(apiary, args.name);
    await changeUser(apiary.state, actor, user_id, {
      ...(args.role === undefined ? {} : { role: roleOf(args.role) }),
      ...readAccess(apiary, args),
    });
    return {};
  },
  userPassword: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const password = makePassword();
    await changeUser(apiary.state, actor, findUser(apiary, args.name).user_id, { password });
    return { password };
  },
  userList: async (apiary: ApiaryServer) => {
    const names = new Map(
      describeInventory(apiary.state).honeynets.map(({ honeynet_id, name }) => [honeynet_id, name]),
    );
    return {
      users: listUsers(apiary.state).map(({ name, role, honeynets, sees_secrets }) => ({
        name,
        access:
          honeynets === null
            ? role
            : honeynets.map((one) => `${names.get(one.honeynet_id)}:${one.role}`).join(',') || 'nothing',
        secrets: sees_secrets ? 'shown' : 'hidden',
      })),
    };
  },
} as const;
