import type { Me, Openid } from '@apiary/model/api/account.ts';
import { log_in_failures } from '@apiary/model/log-in-failures.ts';
import { Button, Card, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../api.ts';
import { DemoBand } from '../parts/demo-band.tsx';
import { Problem } from '../parts/state-boxes.tsx';

export function LogInPage() {
  const client = useQueryClient();
  const openid = useQuery({ queryKey: ['openid'], queryFn: () => get<Openid>('/openid') });
  // Of what an address says nothing is shown: anybody can send it.
  const told = new Map<string, string>(Object.entries(log_in_failures)).get(
    new URLSearchParams(window.location.search).get('log_in') ?? '',
  );
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const log_in = useMutation({
    mutationFn: () => send<Me>('POST', '/login', { name, password }),
    onSuccess: (me) => client.setQueryData(['me'], me),
  });
  return (
    <>
      <DemoBand />
      <main className="log-in">
        <Card withBorder padding="lg">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              log_in.mutate();
            }}
          >
            <Stack gap="sm">
              <Title order={1}>
                <img src="/favicon.svg" alt="" width={20} height={20} className="brand-mark" /> Apiary
              </Title>
              <TextInput
                label="Name"
                name="name"
                autoComplete="username"
                required
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <PasswordInput
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              {log_in.error !== null && <Problem error={log_in.error} trying_again={false} />}
              <Button type="submit" loading={log_in.isPending}>
                Log in
              </Button>
              {openid.data != null && openid.data.title !== null && (
                <Button component="a" href="/api/v1/openid/start" variant="default">
                  Log in with {openid.data.title}
                </Button>
              )}
              {told !== undefined && (
                <Text size="sm" role="alert">
                  {told}
                </Text>
              )}
              <Text size="xs" c="dimmed">
                The first start of the server printed the name and password of the first administrator.
              </Text>
            </Stack>
          </form>
        </Card>
      </main>
    </>
  );
}
