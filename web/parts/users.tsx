/** For administrators: who may log in, as what, and what each may see. */
import type { HoneynetRole, password_length_min, User, UserRole } from '@apiary/model/api/account.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { Button, Group, PasswordInput, Radio, Select, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { get, inventory_query, send } from '../api.ts';
import { EditForm } from './edit-form.tsx';
import { Sheet } from './sheet.tsx';
import { Problem, Waiting } from './state-boxes.tsx';
import { Time } from './time.tsx';

// Only the types of the model are taken: its schemas would bring zod, which tries `eval` against the policy.
const length_min: typeof password_length_min = 12;
const roles: Record<UserRole, true> = { administrator: true, analyst: true, viewer: true };
const user_roles = Object.keys(roles) as UserRole[];
export const length_hint = `At least ${length_min} characters`;
export const password_attributes = { autoComplete: 'new-password', minLength: length_min } as const;

const nothing = 'nothing';

/** A role in each honeynet, or none there. */
function HoneynetRoles({
  inventory,
  value,
  onChange,
}: {
  inventory: Inventory;
  value: readonly HoneynetRole[];
  onChange: (value: HoneynetRole[]) => void;
}) {
  if (inventory.honeynets.length === 0)
    return <span className="dim">There is no honeynet yet; one is made under Inventory.</span>;
  return (
    <Stack gap={4}>
      {inventory.honeynets.map(({ honeynet_id, name }) => (
        <Group key={honeynet_id} justify="space-between" wrap="nowrap">
          <span>{name}</span>
          <Select
            aria-label={`Role in ${name}`}
            size="xs"
            data={[nothing, ...user_roles]}
            value={value.find((one) => one.honeynet_id === honeynet_id)?.role ?? nothing}
            onChange={(chosen) => {
              const others = value.filter((one) => one.honeynet_id !== honeynet_id);
              const is_role = chosen !== null && chosen !== nothing;
              onChange(is_role ? [...others, { honeynet_id, role: chosen as UserRole }] : others);
            }}
            allowDeselect={false}
          />
        </Group>
      ))}
    </Stack>
  );
}

function UserForm({
  user,
  inventory,
  onClose,
}: {
  user: User | null;
  inventory: Inventory;
  onClose: () => void;
}) {
  const [name, setName] = useState(user?.name ?? '');
  const [role, setRole] = useState<string>(user?.role ?? 'analyst');
  const [password, setPassword] = useState('');
  const [honeynets, setHoneynets] = useState(user?.honeynets ?? null);
  const [secrets, setSecrets] = useState(user === null ? 'by role' : user.sees_secrets ? 'yes' : 'no');
  const access = { role, honeynets, sees_secrets: secrets === 'by role' ? null : secrets === 'yes' };
  return (
    <EditForm
      title={user === null ? 'New user' : `User ${user.name}`}
      submit={() =>
        user === null
          ? send('POST', '/users', { name, password, ...access })
          : send('PATCH', `/users/${user.user_id}`, { ...access, ...(password === '' ? {} : { password }) })
      }
      onClose={onClose}
    >
      {user === null && (
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <Radio.Group
        label="Sees"
        value={honeynets === null ? 'all' : 'some'}
        onChange={(value) => setHoneynets(value === 'all' ? null : [])}
      >
        <Group mt={4}>
          <Radio value="all" label="all honeynets" />
          <Radio value="some" label="some honeynets" />
        </Group>
      </Radio.Group>
      {honeynets === null ? (
        <Select
          label="Role"
          description="Viewers look; analysts also judge and share; administrators also change the inventory and users."
          data={user_roles}
          value={role}
          onChange={(value) => setRole(value ?? 'analyst')}
          allowDeselect={false}
        />
      ) : (
        <HoneynetRoles inventory={inventory} value={honeynets} onChange={setHoneynets} />
      )}
      <Select
        label="Passwords, raw bytes, recordings and files"
        description="By role: all but viewers see them."
        data={[
          { value: 'by role', label: 'by role' },
          { value: 'yes', label: 'shown' },
          { value: 'no', label: 'hidden' },
        ]}
        value={secrets}
        onChange={(value) => setSecrets(value ?? 'by role')}
        allowDeselect={false}
      />
      <PasswordInput
        {...password_attributes}
        label={user === null ? 'Password' : 'New password'}
        description={user === null ? length_hint : `${length_hint}; empty keeps the one that is`}
        required={user === null}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </EditForm>
  );
}

/** In words what a user sees. */
export function tellAccess(
  { role, honeynets, sees_secrets }: Pick<User, 'role' | 'honeynets' | 'sees_secrets'>,
  inventory: Pick<Inventory, 'honeynets'>,
): string {
  const names = new Map(inventory.honeynets.map(({ honeynet_id, name }) => [honeynet_id, name]));
  const where =
    honeynets === null
      ? `${role} of all honeynets`
      : honeynets.length === 0
        ? 'sees no honeynet'
        : honeynets
            .map((one) => `${one.role} of ${names.get(one.honeynet_id) ?? `honeynet ${one.honeynet_id}`}`)
            .join(', ');
  return `${where}${sees_secrets ? '' : '; passwords and payloads hidden'}`;
}

function UserRow({
  user,
  inventory,
  onChange,
  onDisable,
}: {
  user: User;
  inventory: Inventory;
  onChange: () => void;
  onDisable: () => void;
}) {
  return (
    <tr>
      <td>{user.name}</td>
      <td>{tellAccess(user, inventory)}</td>
      <td>
        since <Time time={user.created_ms} />
        {user.disabled_ms !== null && ', disabled'}
      </td>
      <td>
        <Button size="compact-xs" variant="subtle" aria-label={`Change ${user.name}`} onClick={onChange}>
          Change
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={onDisable}>
          {user.disabled_ms === null ? 'Disable' : 'Enable'}
        </Button>
      </td>
    </tr>
  );
}

export function Users() {
  const client = useQueryClient();
  const users = useQuery({ queryKey: ['users'], queryFn: () => get<User[]>('/users') });
  const inventory = useQuery(inventory_query);
  const [form, setForm] = useState<ReactNode>(null);
  const disable = useMutation({
    mutationFn: (user: User) =>
      send('PATCH', `/users/${user.user_id}`, { disabled: user.disabled_ms === null }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
  const error = users.error ?? inventory.error;
  if (users.data === undefined || inventory.data === undefined)
    return error === null ? <Waiting rows={3} /> : <Problem error={error} />;
  const known = inventory.data;
  const edit = (user: User | null): void =>
    setForm(<UserForm user={user} inventory={known} onClose={() => setForm(null)} />);
  return (
    <section className="section">
      <Title order={2} mb="xs">
        Users
      </Title>
      {disable.error !== null && <Problem error={disable.error} trying_again={false} />}
      <Button size="compact-xs" variant="subtle" onClick={() => edit(null)}>
        New user
      </Button>
      <Sheet heads={4}>
        {users.data.map((user) => (
          <UserRow
            key={user.user_id}
            user={user}
            inventory={known}
            onChange={() => edit(user)}
            onDisable={() => disable.mutate(user)}
          />
        ))}
      </Sheet>
      {form}
    </section>
  );
}
