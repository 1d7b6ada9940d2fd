/** Forms of channels, alerts and reports by mail. */
import type { AlertChannel, AlertCondition, AlertRule, ChannelFormTarget } from '@apiary/model/api/alerts.ts';
import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { send } from '../api.ts';
import { EditForm } from './edit-form.tsx';

const kinds: Record<AlertCondition['kind'], string> = {
  events: 'Events that a filter finds',
  first_seen: 'A value never seen before',
  sensor_silent: 'A sensor that falls silent',
  incident: 'An incident that gets far',
  notice: 'A notice of the server',
};
// Only types of the model are taken here: its schemas would bring zod into the page.
const columns = [
  'file_sha256',
  'username',
  'password',
  'command',
  'url',
  'fingerprint',
  'user_agent',
  'signature',
  'service',
  'attacker_country',
  'attacker_asn',
  'destination_port',
] as const satisfies Extract<AlertCondition, { kind: 'first_seen' }>['column'][];
const stages = ['probed', 'tried to get in', 'got in', 'acted', 'brought a tool', 'spread from here'];

export function tellCondition(condition: AlertCondition): string {
  switch (condition.kind) {
    case 'events':
      return `${condition.more_than > 0 ? `more than ${condition.more_than} within ${condition.minutes} min: ` : ''}${condition.q === '' ? 'any event' : condition.q}`;
    case 'first_seen':
      return `first ${condition.column.replaceAll('_', ' ')} ever${condition.q === '' ? '' : ` among ${condition.q}`}`;
    case 'sensor_silent':
      return `a sensor silent for ${condition.minutes} min`;
    case 'incident':
      return `an incident that ${condition.stage}, or farther`;
    case 'notice':
      return 'what the server tells its operators';
  }
}

const begin: { [K in AlertCondition['kind']]: Extract<AlertCondition, { kind: K }> } = {
  events: { kind: 'events', q: '', more_than: 0, minutes: 1 },
  first_seen: { kind: 'first_seen', column: 'file_sha256', q: '' },
  sensor_silent: { kind: 'sensor_silent', minutes: 60 },
  incident: { kind: 'incident', stage: 'got in' },
  notice: { kind: 'notice' },
};

function ConditionFields({
  value,
  onChange,
}: {
  value: AlertCondition;
  onChange: (next: AlertCondition) => void;
}) {
  const words = (q: string, hint: string): ReactNode => (
    <TextInput
      label="Filter in words"
      description={hint}
      placeholder="service:ssh and outcome:success"
      value={q}
      onChange={(event) => onChange({ ...value, q: event.currentTarget.value } as AlertCondition)}
    />
  );
  const count = (name: 'more_than' | 'minutes', label: string, shown: number, min: number): ReactNode => (
    <NumberInput
      label={label}
      min={min}
      value={shown}
      onChange={(next) => onChange({ ...value, [name]: Number(next) } as AlertCondition)}
    />
  );
  if (value.kind === 'events')
    return (
      <>
        {words(value.q, 'Empty: every event')}
        {count('more_than', 'More than (0: each is told)', value.more_than, 0)}
        {count('minutes', 'Within minutes', value.minutes, 1)}
      </>
    );
  if (value.kind === 'first_seen')
    return (
      <>
        <Select
          label="Of which column"
          data={columns.map((column) => ({ value: column, label: column.replaceAll('_', ' ') }))}
          value={value.column}
          onChange={(column) => onChange({ ...value, column: column as typeof value.column })}
          allowDeselect={false}
        />
        {words(value.q, 'Empty: among all events')}
      </>
    );
  if (value.kind === 'sensor_silent') return count('minutes', 'For minutes', value.minutes, 5);
  if (value.kind === 'incident')
    return (
      <Select
        label="It got at least so far"
        data={stages}
        value={value.stage}
        onChange={(stage) => onChange({ ...value, stage: stage ?? 'got in' })}
        allowDeselect={false}
      />
    );
  return null;
}

export function RuleForm({
  rule,
  channels,
  onClose,
}: {
  rule: AlertRule | null;
  channels: readonly AlertChannel[];
  onClose: () => void;
}) {
  const [name, setName] = useState(rule?.name ?? '');
  const [condition, setCondition] = useState<AlertCondition>(rule?.condition ?? begin.events);
  const [chosen, setChosen] = useState((rule?.channels ?? []).map(String));
  const [minutes, setMinutes] = useState<number | string>(rule?.group_minutes ?? 60);
  const body = {
    name,
    condition,
    channels: chosen.map(Number),
    group_minutes: Number(minutes),
    enabled: rule?.enabled ?? true,
  };
  return (
    <EditForm
      title={rule === null ? 'New alert' : `Alert ${rule.name}`}
      submit={() =>
        rule === null
          ? send('POST', '/alerts/rules', body)
          : send('PUT', `/alerts/rules/${rule.rule_id}`, body)
      }
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="When there is"
        data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
        value={condition.kind}
        onChange={(kind) => setCondition(begin[(kind ?? 'events') as AlertCondition['kind']])}
        allowDeselect={false}
      />
      <ConditionFields value={condition} onChange={setCondition} />
      <MultiSelect
        label="Tell"
        required
        data={channels.map(({ channel_id, name: title }) => ({ value: String(channel_id), label: title }))}
        value={chosen}
        onChange={setChosen}
      />
      <NumberInput
        label="Gather for minutes"
        description="What follows within so long comes as one message"
        min={1}
        max={1440}
        value={minutes}
        onChange={setMinutes}
      />
    </EditForm>
  );
}

export function ChannelForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<ChannelFormTarget['kind']>('email');
  const [to, setTo] = useState<string[]>([]);
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const [host, setHost] = useState('');
  const [port, setPort] = useState<number | string>(514);
  const [transport, setTransport] = useState<'udp' | 'tcp'>('udp');
  const target: ChannelFormTarget =
    kind === 'email'
      ? { kind, to }
      : kind === 'webhook'
        ? { kind, url, secret }
        : { kind, host, port: Number(port), transport };
  return (
    <EditForm
      title="New channel"
      submit={() => send('POST', '/alerts/channels', { name, target })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="By"
        data={[
          { value: 'email', label: 'mail' },
          { value: 'webhook', label: 'webhook' },
          { value: 'syslog', label: 'syslog' },
        ]}
        value={kind}
        onChange={(value) => setKind((value ?? 'email') as ChannelFormTarget['kind'])}
        allowDeselect={false}
      />
      {kind === 'email' && (
        <TagsInput
          label="To"
          description="Addresses, each followed by Enter; the mail server stands in apiary.yaml"
          value={to}
          onChange={setTo}
        />
      )}
      {kind === 'webhook' && (
        <>
          <TextInput
            label="URL"
            required
            type="url"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <TextInput
            label="Key of the signature"
            description="At least 16 characters; the receiver checks x-apiary-signature with it. It is not shown again"
            required
            minLength={16}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        </>
      )}
      {kind === 'syslog' && (
        <>
          <TextInput
            label="Host"
            required
            value={host}
            onChange={(event) => setHost(event.currentTarget.value)}
          />
          <NumberInput label="Port" min={1} max={65535} value={port} onChange={setPort} />
          <Select
            label="Over"
            data={['udp', 'tcp']}
            value={transport}
            onChange={(value) => setTransport((value ?? 'udp') as 'udp' | 'tcp')}
            allowDeselect={false}
          />
        </>
      )}
    </EditForm>
  );
}

export function ScheduleForm({
  channels,
  onClose,
}: {
  channels: readonly AlertChannel[];
  onClose: () => void;
}) {
  const mails = channels.filter(({ target }) => target.kind === 'email');
  const [name, setName] = useState('');
  const [address, setAddress] = useState('/reports/global/sources?last=7d');
  const [every, setEvery] = useState('week');
  const [hour, setHour] = useState<number | string>(6);
  const [format, setFormat] = useState('html');
  const [channel, setChannel] = useState<string | null>(
    mails[0] === undefined ? null : String(mails[0].channel_id),
  );
  const body = { name, address, every, hour: Number(hour), format, channel_id: Number(channel) };
  return (
    <EditForm
      title="New report by mail"
      submit={() => send('POST', '/alerts/schedules', body)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Report"
        description="Its address: what stands behind the host's name when you look at it"
        required
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <Select
        label="Every"
        data={['day', 'week', 'month']}
        value={every}
        onChange={(value) => setEvery(value ?? 'week')}
        allowDeselect={false}
      />
      <NumberInput label="At hour (UTC)" min={0} max={23} value={hour} onChange={setHour} />
      <Select
        label="As"
        data={['html', 'csv', 'json', 'parquet']}
        value={format}
        onChange={(value) => setFormat(value ?? 'html')}
        allowDeselect={false}
      />
      <Select
        label="To"
        required
        data={mails.map(({ channel_id, name: title }) => ({ value: String(channel_id), label: title }))}
        value={channel}
        onChange={setChannel}
        nothingFoundMessage="Add a channel of mail first"
      />
    </EditForm>
  );
}
