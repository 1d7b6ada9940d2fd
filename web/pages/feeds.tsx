/** Feeds of indicators by secret links: what each gives, to whom, and how to end it. */
import type { Feed, MadeFeed } from '@apiary/model/api/feeds.ts';
import { type FeedKind, feed_days_max, feed_kinds, feed_tlp_levels } from '@apiary/model/feed-words.ts';
import { stages } from '@apiary/model/taxonomy.ts';
import {
  Alert,
  Button,
  Checkbox,
  Code,
  Group,
  List,
  NumberInput,
  Select,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../api.ts';
import { EditForm } from '../parts/edit-form.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

const kind_titles: Record<FeedKind, string> = {
  address: 'addresses of sources',
  file: 'files by their SHA-256',
  url: 'URLs of downloads',
  credential: 'user names and passwords',
  key: 'SSH keys that were planted',
};
const wordsOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

function NewFeed({ onMade, onClose }: { onMade: (made: MadeFeed) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const [kinds, setKinds] = useState<string[]>(['address']);
  const [stage, setStage] = useState<string>('tried to get in');
  const [days, setDays] = useState<number | string>(30);
  const [tlp, setTlp] = useState<string>('amber');
  const [services, setServices] = useState('');
  const [families, setFamilies] = useState('');
  const [allow, setAllow] = useState('');
  const [sensors, setSensors] = useState(false);
  const submit = async (): Promise<void> => {
    const choice = { kinds, stage, days: Number(days), tlp, sensors };
    const lists = { services: wordsOf(services), families: wordsOf(families), allow: wordsOf(allow) };
    onMade(await send<MadeFeed>('POST', '/feeds', { name, ...choice, ...lists }));
  };
  return (
    <EditForm title="New feed" submit={submit} onClose={onClose} action="Make the link">
      <TextInput
        label="For whom"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group label="What it gives" value={kinds} onChange={setKinds} withAsterisk>
        {feed_kinds.map((kind) => (
          <Checkbox key={kind} value={kind} label={kind_titles[kind]} mt={4} size="xs" />
        ))}
      </Checkbox.Group>
      <Select
        label="Of attacks that at least"
        data={stages.map((one) => one.name)}
        value={stage}
        onChange={(value) => setStage(value ?? stage)}
        allowDeselect={false}
      />
      <Group grow align="flex-end">
        <NumberInput
          label="Falls out after days"
          min={1}
          max={feed_days_max}
          value={days}
          onChange={setDays}
        />
        <Select
          label="Marking"
          data={feed_tlp_levels.map((value) => ({ value, label: `TLP:${value.toUpperCase()}` }))}
          value={tlp}
          onChange={(value) => setTlp(value ?? tlp)}
          allowDeselect={false}
        />
      </Group>
      <TextInput
        label="Only services"
        description="Separated by commas; empty: all"
        value={services}
        onChange={(event) => setServices(event.currentTarget.value)}
      />
      <TextInput
        label="Only families"
        description="As the taxonomy names them; empty: all"
        value={families}
        onChange={(event) => setFamilies(event.currentTarget.value)}
      />
      <Textarea
        label="Never given"
        description="Addresses, networks, hosts with all below them, or values: one a line"
        autosize={false}
        rows={3}
        value={allow}
        onChange={(event) => setAllow(event.currentTarget.value)}
      />
      <Checkbox
        label="With the pseudonyms of the sensors that saw it"
        checked={sensors}
        onChange={(event) => setSensors(event.currentTarget.checked)}
      />
    </EditForm>
  );
}

function MadeLink({ made }: { made: MadeFeed }) {
  const link = `${window.location.origin}/api/v1/feed/${made.secret}`;
  return (
    <Alert mb="sm" color="green" title={`The link of "${made.name}", shown this once`} role="status">
      <Code block className="long-word" data-testid="made-link">
        {link}/txt
      </Code>
      <Text size="sm" mt={4}>
        Whoever has it has the feed. <Code>/csv</Code> and <Code>/stix</Code> in place of <Code>/txt</Code>{' '}
        are the other forms; <Code>?kind=address</Code> gives one kind of it.
      </Text>
    </Alert>
  );
}

/** What it gives, in a sentence. */
function tellChoice({ kinds, stage, services, families, days, allow }: Feed): string {
  const only = [...services, ...families];
  return [
    `${kinds.map((kind) => kind_titles[kind]).join(', ')} of attacks that at least ${stage}`,
    ...(only.length === 0 ? [] : [`only ${only.join(', ')}`]),
    `seen in the last ${days} days`,
    ...(allow.length === 0 ? [] : [`never ${allow.length} allowed values`]),
  ].join('; ');
}

function FeedTable({ feeds, revoke }: { feeds: Feed[]; revoke: (feed_id: number) => void }) {
  return (
    <Sheet heads={['For whom', 'What it gives', 'Marking', 'Made', 'Last asked for', '']}>
      {feeds.map((feed) => (
        <tr key={feed.feed_id}>
          <td>
            <HostileText text={feed.name} limit={80} />
          </td>
          <td>
            <HostileText text={tellChoice(feed)} limit={400} />
          </td>
          <td className="nowrap">TLP:{feed.tlp.toUpperCase()}</td>
          <td className="nowrap">
            <Time time={feed.made_ms} /> by <HostileText text={feed.owner} limit={40} />
          </td>
          <td className="nowrap">
            {feed.seen_ms === null ? (
              <span className="dim">never</span>
            ) : (
              <>
                <Time time={feed.seen_ms} /> <span className="dim">{feed.asked} times</span>
              </>
            )}
          </td>
          <td>
            {feed.revoked_ms === null ? (
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={`Revoke ${feed.name}`}
                onClick={() => revoke(feed.feed_id)}
              >
                Revoke
              </Button>
            ) : (
              <span className="dim">revoked</span>
            )}
          </td>
        </tr>
      ))}
    </Sheet>
  );
}

export function FeedsPage() {
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['feeds'], queryFn: () => get<Feed[]>('/feeds') });
  const [is_open, setOpen] = useState(false);
  const [made, setMade] = useState<MadeFeed | null>(null);
  const revoke = useMutation({
    mutationFn: (feed_id: number) => send('DELETE', `/feeds/${feed_id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['feeds'] }),
  });
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={1}>Feeds for others</Title>
        <Button size="xs" variant="default" onClick={() => setOpen(true)}>
          New feed
        </Button>
      </Group>
      <List size="sm" mb="sm">
        <List.Item>A feed gives indicators to whoever has its link, until it is revoked.</List.Item>
        <List.Item>
          Known sources, private addresses, and whatever holds a name or an address of a honeypot are never in
          it.
        </List.Item>
        <List.Item>Nothing of TLP:RED goes into one.</List.Item>
      </List>
      {made !== null && <MadeLink made={made} />}
      {revoke.error !== null && <Problem error={revoke.error} trying_again={false} />}
      {error !== null && data === undefined && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={4} />}
      {data !== undefined && data.length === 0 && <Empty title="Nothing is shared by a link" />}
      {data !== undefined && data.length > 0 && <FeedTable feeds={data} revoke={revoke.mutate} />}
      {is_open && <NewFeed onMade={setMade} onClose={() => setOpen(false)} />}
    </>
  );
}
