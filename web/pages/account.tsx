/** Your password and tokens, and what you see; for administrators the users. */
import { Button, Card, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { inventory_query, me_query, send } from '../api.ts';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { Tokens } from '../parts/tokens.tsx';
import { length_hint, password_attributes, tellAccess, Users } from '../parts/users.tsx';

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
            {...password_attributes}
            description={length_hint}
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

export function AccountPage() {
  const me = useQuery(me_query);
  const inventory = useQuery(inventory_query);
  if (me.data == null) return <Waiting rows={4} />;
  return (
    <>
      <Title order={1} mb="sm">
        {me.data.user.name}{' '}
        <span className="dim">
          {inventory.data === undefined ? me.data.user.role : tellAccess(me.data.user, inventory.data)}
        </span>
      </Title>
      <OwnPassword />
      <Tokens />
      {me.data.user.role === 'administrator' && <Users />}
    </>
  );
}
