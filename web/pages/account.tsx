/** Your password; for administrators the users. */
import type { password_length_min, User, UserRole } from '@apiary/model/api/account.ts';
import { Button, Card, PasswordInput, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { get, me_query, send } from '../api.ts';
import { EditForm } from '../parts/edit-form.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';
import { Tokens } from '../parts/tokens.tsx';

// Only the types of the model are taken: its schemas would bring zod, which tries `eval` against the policy.
const length_min: typeof password_length_min = 12;
const roles: Record<UserRole, true> = { administrator: true, analyst: true, viewer: true };
const user_roles = Object.keys(roles) as UserRole[];
const length_hint = `At least ${length_min} characters`;

function OwnPassword() {
  const [password, setPassword] = useState('');
  const [new_password, setNew] = useState('');
  const change = useMutation({
    mutationFn: () => send('POST', '/password', { password, new_password }),
    onSuccess: () => {
      setPassword('');
      setNew('');
    },
  });
  return (
    <Card withBorder maw={420}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack gap="sm">
          <Title order={2}>Change your password</Title>
          <PasswordInput
            label="Password now"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description={length_hint}
            autoComplete="new-password"
            minLength={length_min}
            required
            value={new_password}
            onChange={(event) => setNew(event.currentTarget.value)}
          />
          {change.error !== null && <Problem error={change.error} trying_again={false} />}
          {change.isSuccess && <Text size="sm">Changed. Your other log-ins have ended.</Text>}
          <Button type="submit" loading={change.isPending}>
            Change
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function UserForm({ user, onClose }: { user: User | null; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? '');
  const [role, setRole] = useState<string>(user?.role ?? 'analyst');
  const [password, setPassword] = useState('');
  return (
    <EditForm
      title={user === null ? 'New user' : `User ${user.name}`}
      submit={() =>
        user === null
          ? send('POST', '/users', { name, role, password })
          : send('PATCH', `/users/${user.user_id}`, { role, ...(password === '' ? {} : { password }) })
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
      <Select
        label="Role"
        description="Viewers look; analysts also change the inventory; administrators also manage users."
        data={[...user_roles]}
        value={role}
        onChange={(value) => setRole(value ?? 'analyst')}
        allowDeselect={false}
      />
      <PasswordInput
        label={user === null ? 'Password' : 'New password'}
        description={user === null ? length_hint : `${length_hint}; empty keeps the one that is`}
        autoComplete="new-password"
        required={user === null}
        minLength={length_min}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </EditForm>
  );
}

function Users() {
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['users'], queryFn: () => get<User[]>('/users') });
  const [form, setForm] = useState<ReactNode>(null);
  const disable = useMutation({
    mutationFn: (user: User) =>
      send('PATCH', `/users/${user.user_id}`, { disabled: user.disabled_ms === null }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
  if (data === undefined) return error === null ? <Waiting rows={3} /> : <Problem error={error} />;
  const edit = (user: User | null): void => setForm(<UserForm user={user} onClose={() => setForm(null)} />);
  return (
    <section className="section">
      <Title order={2} mb="xs">
        Users
      </Title>
      {disable.error !== null && <Problem error={disable.error} trying_again={false} />}
      <Button size="compact-xs" variant="subtle" onClick={() => edit(null)}>
        New user
      </Button>
      <div className="table-scroll">
        <Table className="dense">
          <Table.Tbody>
            {data.map((user) => (
              <Table.Tr key={user.user_id}>
                <Table.Td>{user.name}</Table.Td>
                <Table.Td>{user.role}</Table.Td>
                <Table.Td>
                  since <Time time={user.created_ms} />
                  {user.disabled_ms !== null && ', disabled'}
                </Table.Td>
                <Table.Td>
                  <Button size="compact-xs" variant="subtle" onClick={() => edit(user)}>
                    Change
                  </Button>
                  <Button size="compact-xs" variant="subtle" onClick={() => disable.mutate(user)}>
                    {user.disabled_ms === null ? 'Disable' : 'Enable'}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {form}
    </section>
  );
}

export function AccountPage() {
  const me = useQuery(me_query);
  if (me.data == null) return <Waiting rows={4} />;
  return (
    <>
      <Title order={1} mb="sm">
        {me.data.user.name} <span className="dim">{me.data.user.role}</span>
      </Title>
      <OwnPassword />
      <Tokens />
      {me.data.user.role === 'administrator' && <Users />}
    </>
  );
}
