/** What an analyst decides of an incident: shown beside what the rules said, and counted before it. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import type { JudgementField } from '@apiary/model/incident-words.ts';
import { incident_statuses } from '@apiary/model/incident-words.ts';
import { attackers, objectives } from '@apiary/model/taxonomy.ts';
import { Button, Group, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../api.ts';
import { CommentForm } from './comment-form.tsx';
import { JudgementList } from './judgement-list.tsx';
import { Problem } from './state-boxes.tsx';

/** That they are unknown goes with no objective: what was chosen last counts. */
function chosenOf(value: readonly string[], before: readonly string[]): string[] {
  if (!value.includes('unknown')) return [...value];
  return before.includes('unknown') ? value.filter((one) => one !== 'unknown') : ['unknown'];
}

export function JudgementForm({ data }: { data: Incident }) {
  const { incident, judgements, rules } = data;
  const client = useQueryClient();
  const [name, setName] = useState(incident.name);
  const [assignee, setAssignee] = useState(incident.assignee);
  const mutation = useMutation({
    mutationFn: (body: { field: JudgementField; value: string }) =>
      send<Incident>('POST', `/incidents/${incident.number}/judgements`, body),
    onSuccess: async (answer) => {
      client.setQueryData(['incident', String(incident.number)], answer);
      await client.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  const decided = !incident.judged.includes('objectives')
    ? []
    : incident.objectives.length === 0
      ? ['unknown']
      : incident.objectives;
  const decide = (field: JudgementField, value: string): void => mutation.mutate({ field, value });
  return (
    <Stack gap="xs">
      {mutation.error !== null && <Problem error={mutation.error} trying_again={false} />}
      <Group gap="xs" align="end">
        <Select
          size="xs"
          w={150}
          label="Status"
          data={[...incident_statuses]}
          value={incident.status}
          onChange={(value) => decide('status', value ?? '')}
          allowDeselect={false}
        />
        <Select
          size="xs"
          w={190}
          label="Attacker"
          description={`the rules say: ${rules.attacker}`}
          data={attackers.map((one) => one.name)}
          value={incident.judged.includes('attacker') ? incident.attacker : null}
          placeholder="as the rules say"
          onChange={(value) => decide('attacker', value ?? '')}
          clearable
        />
        <MultiSelect
          size="xs"
          w={260}
          label="Objectives"
          description={`the rules say: ${rules.objectives.join(', ') || 'unknown'}`}
          data={[...objectives.map((one) => one.name), 'unknown']}
          value={decided}
          placeholder={decided.length > 0 ? '' : 'as the rules say'}
          onChange={(value) => decide('objectives', chosenOf(value, decided).join(', '))}
          clearable
        />
        <Button
          size="xs"
          variant={incident.pinned ? 'filled' : 'default'}
          aria-pressed={incident.pinned}
          onClick={() => decide('pinned', incident.pinned ? '' : 'yes')}
        >
          {incident.pinned ? 'Pinned' : 'Pin'}
        </Button>
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          decide('name', name);
        }}
      >
        <Group gap="xs" align="end">
          <TextInput
            size="xs"
            w={260}
            label="Name"
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" variant="default" disabled={name === incident.name}>
            Name it
          </Button>
        </Group>
      </form>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          decide('assignee', assignee.trim());
        }}
      >
        <Group gap="xs" align="end">
          <TextInput
            size="xs"
            w={260}
            label="Assigned to"
            value={assignee}
            maxLength={200}
            onChange={(event) => setAssignee(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" variant="default" disabled={assignee.trim() === incident.assignee}>
            Assign
          </Button>
        </Group>
      </form>
      <CommentForm onAdd={(comment) => decide('comment', comment)} />
      <JudgementList judgements={judgements} />
    </Stack>
  );
}
