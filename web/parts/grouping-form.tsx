/** What an analyst says of an incident as a whole: another is the same; attacks of it stand apart. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { send } from '../api.ts';
import { HostileText } from './hostile-text.tsx';
import { Problem } from './state-boxes.tsx';
import { Time } from './time.tsx';

/** Sends, and goes to the incident that is to be looked at now. */
function useGrouping() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ method, path, body }: { method: 'POST' | 'DELETE'; path: string; body?: unknown }) =>
      send<{ number: number } | undefined>(method, path, body),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: ['incident'] });
      await client.invalidateQueries({ queryKey: ['incidents'] });
      if (answer !== undefined)
        await navigate({ to: '/incidents/$number', params: { number: String(answer.number) } });
    },
  });
}

export function GroupingForm({ data }: { data: Incident }) {
  const { incident, groupings } = data;
  const [other, setOther] = useState<number | string>('');
  const [reason, setReason] = useState('');
  const grouping = useGrouping();
  return (
    <Stack gap="xs" mt="sm">
      {grouping.error !== null && <Problem error={grouping.error} trying_again={false} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const body = { number: Number(other), reason };
          grouping.mutate({ method: 'POST', path: `/incidents/${incident.number}/join`, body });
        }}
      >
        <Group gap="xs" align="end">
          <NumberInput
            size="xs"
            w={150}
            label="Join with incident"
            placeholder="number"
            min={1}
            allowDecimal={false}
            hideControls
            required
            value={other}
            onChange={setOther}
          />
          <TextInput
            size="xs"
            w={260}
            label="Because"
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" variant="default" loading={grouping.isPending}>
            Join
          </Button>
        </Group>
      </form>
      {groupings.length > 0 && (
        <ul className="judgements">
          {groupings.map(({ grouping_id, kind, attacks, actor, made_ms, reason: why }) => (
            <li key={grouping_id}>
              <Time time={made_ms} /> <strong>{actor}</strong>{' '}
              {kind === 'join' ? 'joined two incidents' : `set ${attacks} attacks apart`}{' '}
              {why !== '' && <HostileText text={why} limit={400} />}
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => grouping.mutate({ method: 'DELETE', path: `/groupings/${grouping_id}` })}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

/** Below the attacks of an incident: makes one of its own of those that are marked. */
export function SplitButton({
  number,
  chosen,
  count,
}: {
  number: number;
  chosen: readonly string[];
  count: number;
}) {
  const grouping = useGrouping();
  if (chosen.length === 0) return null;
  const is_all = chosen.length === count;
  return (
    <Group gap="xs" mt="xs">
      <Button
        size="xs"
        variant="default"
        disabled={is_all}
        loading={grouping.isPending}
        onClick={() =>
          grouping.mutate({ method: 'POST', path: `/incidents/${number}/split`, body: { attacks: chosen } })
        }
      >
        Set {chosen.length} apart as an incident of their own
      </Button>
      {is_all && <span className="dim">all are marked: nothing would be set apart</span>}
      {grouping.error !== null && <Problem error={grouping.error} trying_again={false} />}
    </Group>
  );
}
