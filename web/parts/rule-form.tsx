/** A rule of one's own: what it is called, and what in an attack it is known by. */
import type { OwnRule } from '@apiary/model/api/rules.ts';
import {
  type FamilyField,
  type FamilyKind,
  family_fields,
  family_kinds,
} from '@apiary/model/family-words.ts';
import { tools } from '@apiary/model/taxonomy.ts';
import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { send } from '../api.ts';
import { EditForm } from './edit-form.tsx';

const field_titles: Record<FamilyField, string> = {
  command: 'a command has',
  url: 'a download URL has',
  file: 'a file is (SHA-256)',
  request: 'a requested path has',
  signature: 'a signature has',
  user_agent: 'a user agent has',
  fingerprint: 'a fingerprint is',
  username: 'a user name has',
};
const no_tool = 'not told';
const empty: OwnRule = {
  ...{ name: '', title: '', kind: 'botnet', tool: null, weight: 0.7, source: '' },
  conditions: [{ field: 'command', contains: '' }],
};

function Conditions({
  list,
  change,
}: {
  list: OwnRule['conditions'];
  change: (list: OwnRule['conditions']) => void;
}) {
  const put = (index: number, part: Partial<OwnRule['conditions'][number]>): void =>
    change(list.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        It is there where any one of these holds
      </Text>
      {list.map((condition, index) => (
        // Conditions have no name of their own, and are only added and taken away at their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Group key={index} gap={6} wrap="nowrap">
          <Select
            aria-label={`Condition ${index + 1}: where`}
            w={190}
            data={family_fields.map((value) => ({ value, label: field_titles[value] }))}
            value={condition.field}
            onChange={(value) => put(index, { field: (value ?? condition.field) as FamilyField })}
            allowDeselect={false}
          />
          <TextInput
            aria-label={`Condition ${index + 1}: what`}
            className="grow"
            required
            maxLength={300}
            value={condition.contains}
            onChange={(event) => put(index, { contains: event.currentTarget.value })}
          />
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Take condition ${index + 1} away`}
            disabled={list.length === 1}
            onClick={() => change(list.filter((_, at) => at !== index))}
          >
            ×
          </Button>
        </Group>
      ))}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          Without regard to case; * stands for anything between.
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          disabled={list.length >= 20}
          onClick={() => change([...list, { field: 'command', contains: '' }])}
        >
          Add a condition
        </Button>
      </Group>
    </Stack>
  );
}

/** @param rule one that is changed; absent: a new one */
export function RuleForm({ rule, onClose }: { rule?: OwnRule | undefined; onClose: () => void }) {
  const [draft, setDraft] = useState<OwnRule>(rule ?? empty);
  const put = (part: Partial<OwnRule>): void => setDraft((before) => ({ ...before, ...part }));
  const { name, title, kind, tool, weight, conditions, source } = draft;
  return (
    <EditForm
      title={rule === undefined ? 'New rule' : `Rule ${rule.name}`}
      action="Save, switched off"
      submit={() => send('PUT', '/rules', { name, title, kind, tool, weight, conditions, source })}
      onClose={onClose}
    >
      <Group grow align="flex-start">
        <TextInput
          label="Short name"
          required
          maxLength={40}
          description="small letters, digits, _ and -"
          disabled={rule !== undefined}
          value={name}
          onChange={(event) => put({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Title"
          required
          maxLength={100}
          description="as it is shown"
          value={title}
          onChange={(event) => put({ title: event.currentTarget.value })}
        />
      </Group>
      <Group grow align="flex-start">
        <Select
          label="Kind"
          data={[...family_kinds]}
          value={kind}
          onChange={(value) => put({ kind: (value ?? kind) as FamilyKind })}
          allowDeselect={false}
        />
        <Select
          label="Tool"
          data={[no_tool, ...tools.map((one) => one.name).filter((one) => one !== 'unknown')]}
          value={tool ?? no_tool}
          onChange={(value) => put({ tool: value === no_tool ? null : value })}
          allowDeselect={false}
        />
        <NumberInput
          label="How sure"
          min={0.05}
          max={0.95}
          step={0.05}
          decimalScale={2}
          value={weight}
          onChange={(value) => put({ weight: Number(value) })}
        />
      </Group>
      <Conditions list={conditions} change={(list) => put({ conditions: list })} />
      <TextInput
        label="Described by"
        required
        maxLength={300}
        description="a title, an address, or your own analysis"
        value={source}
        onChange={(event) => put({ source: event.currentTarget.value })}
      />
    </EditForm>
  );
}
