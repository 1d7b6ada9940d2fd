/** What an analyst decides of an attack: shown beside what the rules said, and counted before it. */
import type { AttackDetail } from '@apiary/model/api/incidents.ts';
import { type AttackJudgementField, no_results } from '@apiary/model/incident-words.ts';
import { results, stages, tools, weaknesses } from '@apiary/model/taxonomy.ts';
import { Group, MultiSelect, Select, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '../api.ts';
import { CommentForm } from './comment-form.tsx';
import { JudgementList } from './judgement-list.tsx';
import { Problem } from './state-boxes.tsx';

const namesOf = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);
const lists = { tool: namesOf(tools), weakness: namesOf(weaknesses), stage: namesOf(stages) };
const titles = { tool: 'Tool', weakness: 'Vulnerability', stage: 'How far' };
const field_titles: Record<AttackJudgementField, string> = {
  ...titles,
  results: 'Results',
  comment: 'Comment',
};

/** That nothing came of it goes with no result: what was chosen last counts. */
function chosenOf(value: readonly string[], before: readonly string[]): string[] {
  if (!value.includes(no_results)) return [...value];
  return before.includes(no_results) ? value.filter((one) => one !== no_results) : [no_results];
}

export function AttackJudgementForm({ data }: { data: AttackDetail }) {
  const { attack, judgements } = data;
  const rules = data.rules ?? attack;
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: (body: { field: AttackJudgementField; value: string }) =>
      send<AttackDetail>('POST', `/attacks/${attack.attack_id}/judgements`, body),
    onSuccess: async (answer) => {
      client.setQueryData(['attack', attack.attack_id], answer);
      for (const key of ['attacks', 'incident', 'incidents', 'taxonomy'])
        await client.invalidateQueries({ queryKey: [key] });
    },
  });
  const decide = (field: AttackJudgementField, value: string): void => mutation.mutate({ field, value });
  const decidedOf = (field: AttackJudgementField): string =>
    judgements.findLast((one) => one.field === field)?.value ?? '';
  const chosen = decidedOf('results')
    .split(', ')
    .filter((one) => one !== '');
  return (
    <Stack gap="xs">
      {mutation.error !== null && <Problem error={mutation.error} trying_again={false} />}
      <Group gap="xs" align="end">
        {(['tool', 'weakness', 'stage'] as const).map((field) => (
          <Select
            key={field}
            size="xs"
            w={190}
            label={titles[field]}
            description={`the rules say: ${rules[field]}`}
            data={lists[field]}
            value={decidedOf(field) || null}
            placeholder="as the rules say"
            onChange={(value) => decide(field, value ?? '')}
            clearable
          />
        ))}
        <MultiSelect
          size="xs"
          w={300}
          label="Results"
          description={`the rules say: ${rules.results.join(', ') || 'none that is known'}`}
          data={[...namesOf(results), no_results]}
          value={chosen}
          placeholder={chosen.length > 0 ? '' : 'as the rules say'}
          onChange={(value) => decide('results', chosenOf(value, chosen).join(', '))}
          clearable
        />
      </Group>
      <CommentForm onAdd={(comment) => decide('comment', comment)} />
      <JudgementList judgements={judgements} titles={field_titles} />
    </Stack>
  );
}
