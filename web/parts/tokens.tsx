/** Tokens of programs: made, shown once, revoked. */
import type { ApiToken, MadeToken } from '@apiary/model/api/tokens.ts';
import { Alert, Button, Code, Group, NumberInput, Select, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../api.ts';
import { HostileText } from './hostile-text.tsx';
import { Sheet } from './sheet.tsx';
import { Problem, Waiting } from './state-boxes.tsx';
import { Time } from './time.tsx';

const scopes = [
  { value: 'read', label: 'asks only' },
  { value: 'all', label: 'may what you may' },
];

function NewToken({ onMade }: { onMade: (made: MadeToken) => void }) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState('read');
  const [days, setDays] = useState<number | string>(90);
  const make = useMutation({
    mutationFn: () => send<MadeToken>('POST', '/tokens', { name, scope, days: Number(days) }),
    onSuccess: (made) => {
      setName('');
      onMade(made);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Group gap="xs" align="flex-end">
        <TextInput
          size="xs"
          label="For what"
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          size="xs"
          label="It"
          data={scopes}
          value={scope}
          onChange={(value) => setScope(value ?? 'read')}
          allowDeselect={false}
        />
        <NumberInput size="xs" w={90} label="Days" min={1} max={366} value={days} onChange={setDays} />
        <Button size="xs" type="submit" variant="default" loading={make.isPending}>
          Make a token
        </Button>
      </Group>
      {make.error !== null && <Problem error={make.error} trying_again={false} />}
    </form>
  );
}

function stateOf({ revoked_ms, ends_ms }: ApiToken): string {
  if (revoked_ms !== null) return 'revoked';
  return ends_ms <= Date.now() ? 'ended' : '';
}

export function Tokens() {
  const client = useQueryClient();
  const key = ['tokens'];
  const { data, error } = useQuery({ queryKey: key, queryFn: () => get<ApiToken[]>('/tokens') });
  const [made, setMade] = useState<MadeToken | null>(null);
  const revoke = useMutation({
    mutationFn: (token_id: number) => send('DELETE', `/tokens/${token_id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
  return (
    <section className="section">
      <Title order={2} mb={4}>
        Tokens for programs
      </Title>
      <Text size="sm" mb="xs">
        A program that sends <Code>Authorization: Bearer …</Code> uses the interface under{' '}
        <Code>/api/v1</Code> in your name. It may never more than you at that moment, and neither accounts nor
        tokens.
      </Text>
      <NewToken
        onMade={(token) => {
          setMade(token);
          void client.invalidateQueries({ queryKey: key });
        }}
      />
      {made !== null && (
        <Alert mt="xs" color="green" title={`The token "${made.name}", shown this once`} role="status">
          <Code block data-testid="made-token">
            {made.token}
          </Code>
        </Alert>
      )}
      {revoke.error !== null && <Problem error={revoke.error} trying_again={false} />}
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={2} />}
      {data !== undefined && data.length > 0 && (
        <Sheet heads={['For what', 'Whose', 'It', 'Ends', 'Last used', '']}>
          {data.map((token) => (
            <tr key={token.token_id}>
              <td>
                <HostileText text={token.name} />
              </td>
              <td>{token.user}</td>
              <td>{scopes.find(({ value }) => value === token.scope)?.label}</td>
              <td className="nowrap">
                <Time time={token.ends_ms} />
              </td>
              <td className="nowrap">
                {token.seen_ms === null ? <span className="dim">never</span> : <Time time={token.seen_ms} />}
              </td>
              <td>
                {stateOf(token) === '' ? (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={`Revoke ${token.name}`}
                    onClick={() => revoke.mutate(token.token_id)}
                  >
                    Revoke
                  </Button>
                ) : (
                  <span className="dim">{stateOf(token)}</span>
                )}
              </td>
            </tr>
          ))}
        </Sheet>
      )}
    </section>
  );
}
