/** Settings of the server: what is kept how long, mail, geo databases; and all others, to look at. */
import type { Settings } from '@apiary/model/api/settings.ts';
import {
  Button,
  Card,
  Checkbox,
  Group,
  NumberInput,
  PasswordInput,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { get, send } from '../api.ts';
import { showBytes } from '../parts/bytes.ts';
import { EditForm } from '../parts/edit-form.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

type RetentionLine = Settings['retention'][number];
const gigabyte = 1e9;
const origins = { page: 'set here', file: 'as the settings file says', default: 'by default' } as const;
const numberOf = (value: number | string): number | null => (value === '' ? null : Number(value));

function LimitForm({ line, onClose }: { line: RetentionLine; onClose: () => void }) {
  const [days, setDays] = useState<number | string>(line.days ?? '');
  const [budget, setBudget] = useState<number | string>(
    line.bytes_max === null ? '' : line.bytes_max / gigabyte,
  );
  const bytes = numberOf(budget);
  return (
    <EditForm
      title={`How long ${line.kind} are kept`}
      submit={() =>
        send('PUT', `/settings/retention/${line.kind}`, {
          days: numberOf(days),
          bytes_max: bytes === null ? null : Math.round(bytes * gigabyte),
        })
      }
      onClose={onClose}
    >
      <NumberInput label="Days" description="empty: no limit" min={1} value={days} onChange={setDays} />
      <NumberInput
        label="Gigabytes on disk"
        description="empty: no limit; at nine tenths of it the oldest goes"
        min={0.001}
        decimalScale={3}
        value={budget}
        onChange={setBudget}
      />
      <Text size="sm">What is over a limit goes for good within minutes. Pinned incidents stay.</Text>
    </EditForm>
  );
}

function MailForm({ mail, onClose }: { mail: Settings['mail']['server']; onClose: () => void }) {
  const [host, setHost] = useState(mail?.host ?? '');
  const [port, setPort] = useState<number | string>(mail?.port ?? 587);
  const [tls, setTls] = useState(mail?.tls ?? false);
  const [from, setFrom] = useState(mail?.from ?? '');
  const [user, setUser] = useState(mail?.user ?? '');
  const [password, setPassword] = useState('');
  const body = { host, port: Number(port), tls, from, user: user === '' ? null : user };
  return (
    <EditForm
      title="The server that takes mail"
      submit={() => send('PUT', '/settings/mail', password === '' ? body : { ...body, password })}
      onClose={onClose}
    >
      <TextInput
        label="Host"
        required
        value={host}
        onChange={(event) => setHost(event.currentTarget.value)}
      />
      <NumberInput label="Port" required min={1} max={65_535} value={port} onChange={setPort} hideControls />
      <Checkbox
        label="TLS from the first byte; otherwise STARTTLS where it is offered"
        checked={tls}
        onChange={(event) => setTls(event.currentTarget.checked)}
      />
      <TextInput
        label="From"
        type="email"
        required
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput label="User" value={user} onChange={(event) => setUser(event.currentTarget.value)} />
      <PasswordInput
        label="Password"
        description="empty keeps the one that was set here"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </EditForm>
  );
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function GeoForm({ geo, onClose }: { geo: Settings['geo']; onClose: () => void }) {
  const [country, setCountry] = useState(geo.country.join('\n'));
  const [as, setAs] = useState(geo.as.join('\n'));
  return (
    <EditForm
      title="Geo databases"
      submit={() => send('PUT', '/settings/geo', { country: lines(country), as: lines(as) })}
      onClose={onClose}
      action="Load"
    >
      <Text size="sm">
        CSV files on the server: first address, last address, country or AS number, name. What came before
        keeps the country that it has.
      </Text>
      <Textarea
        label="Countries, a file a line"
        autosize
        required
        value={country}
        onChange={(event) => setCountry(event.currentTarget.value)}
      />
      <Textarea
        label="Networks, a file a line"
        autosize
        required
        value={as}
        onChange={(event) => setAs(event.currentTarget.value)}
      />
    </EditForm>
  );
}

function Part({ title, acts, children }: { title: string; acts?: ReactNode; children: ReactNode }) {
  return (
    <Card withBorder padding="sm" mb="sm">
      <Group justify="space-between" mb={6}>
        <Title order={2}>{title}</Title>
        <Group gap="xs">{acts}</Group>
      </Group>
      {children}
    </Card>
  );
}

function Kept({ settings, open }: { settings: Settings; open: (line: RetentionLine) => void }) {
  return (
    <Sheet heads={['Kind', 'Days', 'Budget', 'On disk now', 'Complete from', '']}>
      {settings.retention.map((line) => (
        <tr key={line.kind}>
          <td>{line.kind}</td>
          <td>{line.days ?? 'no limit'}</td>
          <td>{line.bytes_max === null ? 'no limit' : showBytes(line.bytes_max)}</td>
          <td>{showBytes(line.bytes)}</td>
          <td>{line.kept_from === null ? 'the beginning' : <Time time={line.kept_from} />}</td>
          <td>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Change how long ${line.kind} are kept`}
              onClick={() => open(line)}
            >
              Change
            </Button>
          </td>
        </tr>
      ))}
    </Sheet>
  );
}

function SettingsOf({ settings }: { settings: Settings }) {
  const client = useQueryClient();
  const [form, setForm] = useState<ReactNode>(null);
  const close = (): void => setForm(null);
  const drop = useMutation({
    mutationFn: (name: 'mail' | 'geo') => send('DELETE', `/settings/${name}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['settings'] }),
  });
  const acts = (name: 'mail' | 'geo', origin: keyof typeof origins, edit: ReactNode): ReactNode => (
    <>
      <span className="dim">{origins[origin]}</span>
      {origin === 'page' && (
        <Button size="compact-xs" variant="subtle" onClick={() => drop.mutate(name)}>
          As the file says
        </Button>
      )}
      <Button size="compact-xs" variant="default" aria-label={`Change ${name}`} onClick={() => setForm(edit)}>
        Change
      </Button>
    </>
  );
  const { mail, geo, file } = settings;
  return (
    <>
      {drop.error !== null && <Problem error={drop.error} trying_again={false} />}
      <Part title="What is kept how long">
        <Kept settings={settings} open={(line) => setForm(<LimitForm line={line} onClose={close} />)} />
      </Part>
      <Part title="Mail" acts={acts('mail', mail.origin, <MailForm mail={mail.server} onClose={close} />)}>
        {mail.server === null ? (
          <Text size="sm">No mail goes out: alerts and reports need a server that takes it.</Text>
        ) : (
          <Text size="sm">
            {mail.server.host}:{mail.server.port}, {mail.server.tls ? 'TLS' : 'STARTTLS where it is offered'},
            from {mail.server.from}
            {mail.server.user !== null && `, as ${mail.server.user}`}
            {mail.server.has_password && ', with a password'}
          </Text>
        )}
      </Part>
      <Part title="Geo databases" acts={acts('geo', geo.origin, <GeoForm geo={geo} onClose={close} />)}>
        <Stack gap={2}>
          {[...geo.country, ...geo.as].map((path) => (
            <Text key={path} size="sm" className="break">
              {path}
            </Text>
          ))}
        </Stack>
      </Part>
      <Part title="All others">
        <Text size="sm" mb="xs">
          From the settings file, or by default. They are changed there and hold from the next start on.
        </Text>
        <Sheet heads={2}>
          {file.values.map(({ path, value }) => (
            <tr key={path}>
              <td>
                <code>{path}</code>
              </td>
              <td>
                <HostileText text={value} limit={200} />
              </td>
            </tr>
          ))}
        </Sheet>
      </Part>
      {form}
    </>
  );
}

export function SettingsPage() {
  const { data, error } = useQuery({ queryKey: ['settings'], queryFn: () => get<Settings>('/settings') });
  return (
    <>
      <Title order={1} mb="xs">
        Settings
      </Title>
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={12} />}
      {data !== undefined && <SettingsOf settings={data} />}
    </>
  );
}
