/** Alerts: what is watched, whom it is told, and what became of the messages. */
import type { AlertChannel, Alerts } from '@apiary/model/api/alerts.ts';
import { Button, Card, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { alerts_query, me_query, send } from '../api.ts';
import { ChannelForm, RuleForm, ScheduleForm, tellCondition } from '../parts/alert-forms.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

function tellTarget({ target }: AlertChannel): string {
  if (target.kind === 'email') return `mail to ${target.to.join(', ')}`;
  if (target.kind === 'webhook') return `webhook ${target.url}`;
  return `syslog ${target.host}:${target.port} over ${target.transport}`;
}

function Part({
  title,
  add,
  children,
}: {
  title: string;
  add: { label: string; act: () => void } | null;
  children: ReactNode;
}) {
  return (
    <Card withBorder padding="sm" mb="sm">
      <Group justify="space-between" mb={6}>
        <Title order={2}>{title}</Title>
        {add !== null && (
          <Button size="compact-xs" variant="default" onClick={add.act}>
            {add.label}
          </Button>
        )}
      </Group>
      {children}
    </Card>
  );
}

interface Act {
  send: (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => void;
}

const remove = (act: Act, path: string, name: string): ReactNode => (
  <Button
    size="compact-xs"
    variant="subtle"
    aria-label={`Remove ${name}`}
    onClick={() => act.send('DELETE', path)}
  >
    Remove
  </Button>
);

function Rules({ alerts, act, edit }: { alerts: Alerts; act: Act; edit: (form: ReactNode) => void }) {
  const close = (): void => edit(null);
  const { channels, rules } = alerts;
  const names = new Map(channels.map(({ channel_id, name }) => [channel_id, name]));
  return (
    <Part
      title="Alerts"
      add={{
        label: 'New alert',
        act: () => edit(<RuleForm rule={null} channels={channels} onClose={close} />),
      }}
    >
      {rules.length === 0 && (
        <Empty title="Nothing is watched">
          Add a channel first, then an alert: a first-ever hash, a log-in that succeeded, a sensor silent for
          an hour.
        </Empty>
      )}
      {rules.length > 0 && (
        <Sheet heads={5}>
          {rules.map((rule) => (
            <tr key={rule.rule_id}>
              <td>
                <strong>{rule.name}</strong> {!rule.enabled && <span className="dim">off</span>}
                {rule.trouble !== '' && (
                  <Text size="xs" c="red">
                    <HostileText text={rule.trouble} />
                  </Text>
                )}
              </td>
              <td>{tellCondition(rule.condition)}</td>
              <td>to {rule.channels.map((id) => names.get(id)).join(', ')}</td>
              <td className="nowrap">
                {rule.last_ms === null ? (
                  <span className="dim">never yet</span>
                ) : (
                  <Time time={rule.last_ms} />
                )}
                {rule.held_count > 0 && <span className="dim"> {rule.held_count} more wait</span>}
              </td>
              <td className="nowrap">
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => edit(<RuleForm rule={rule} channels={channels} onClose={close} />)}
                >
                  Change
                </Button>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => {
                    const { name, condition, group_minutes, enabled } = rule;
                    act.send('PUT', `/alerts/rules/${rule.rule_id}`, {
                      name,
                      condition,
                      channels: rule.channels,
                      group_minutes,
                      enabled: !enabled,
                    });
                  }}
                >
                  {rule.enabled ? 'Switch off' : 'Switch on'}
                </Button>
                {remove(act, `/alerts/rules/${rule.rule_id}`, rule.name)}
              </td>
            </tr>
          ))}
        </Sheet>
      )}
    </Part>
  );
}

function Channels({ alerts, act, add }: { alerts: Alerts; act: Act | null; add: () => void }) {
  return (
    <Part title="Channels" add={act === null ? null : { label: 'New channel', act: add }}>
      {alerts.channels.length === 0 && <Empty title="Nobody is told">An administrator adds a channel.</Empty>}
      <Sheet heads={3}>
        {alerts.channels.map((channel) => (
          <tr key={channel.channel_id}>
            <td>
              <strong>{channel.name}</strong>
            </td>
            <td className="words">
              <HostileText text={tellTarget(channel)} limit={200} />
            </td>
            <td className="nowrap">
              {act !== null && (
                <>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    onClick={() => act.send('POST', `/alerts/channels/${channel.channel_id}/test`)}
                  >
                    Try
                  </Button>
                  {remove(act, `/alerts/channels/${channel.channel_id}`, channel.name)}
                </>
              )}
            </td>
          </tr>
        ))}
      </Sheet>
    </Part>
  );
}

function Schedules({ alerts, act, add }: { alerts: Alerts; act: Act; add: () => void }) {
  const names = new Map(alerts.channels.map(({ channel_id, name }) => [channel_id, name]));
  return (
    <Part title="Reports by mail" add={{ label: 'New report by mail', act: add }}>
      {alerts.schedules.length === 0 && <Empty title="No report goes out by itself" />}
      <Sheet heads={5}>
        {alerts.schedules.map((one) => (
          <tr key={one.schedule_id}>
            <td>
              <strong>{one.name}</strong>
            </td>
            <td className="words">
              <a href={one.address}>
                <HostileText text={one.address} limit={120} inside_link />
              </a>
            </td>
            <td>
              every {one.every} at {one.hour}:00 UTC to {names.get(one.channel_id)}
            </td>
            <td className="nowrap">
              next <Time time={one.next_ms} />
            </td>
            <td>{remove(act, `/alerts/schedules/${one.schedule_id}`, one.name)}</td>
          </tr>
        ))}
      </Sheet>
    </Part>
  );
}

function Messages({ alerts }: { alerts: Alerts }) {
  if (alerts.messages.length === 0) return null;
  return (
    <Part title="Messages" add={null}>
      <Sheet heads={4}>
        {alerts.messages.map((message) => (
          <tr key={message.message_id}>
            <td className="nowrap">
              <Time time={message.made_ms} />
            </td>
            <td className="words">
              <HostileText text={message.subject} limit={160} />
            </td>
            <td>{message.channel}</td>
            <td>
              {message.error !== '' ? (
                <HostileText text={message.error} limit={200} />
              ) : message.done_ms === null ? (
                'on its way'
              ) : (
                'delivered'
              )}
            </td>
          </tr>
        ))}
      </Sheet>
    </Part>
  );
}

export function AlertsPage() {
  const client = useQueryClient();
  const me = useQuery(me_query);
  const { data, error } = useQuery(alerts_query);
  const [form, setForm] = useState<ReactNode>(null);
  const doing = useMutation({
    mutationFn: ({
      method,
      path,
      body,
    }: {
      method: 'POST' | 'PUT' | 'DELETE';
      path: string;
      body?: unknown;
    }) => send(method, path, body),
    onSuccess: () => client.invalidateQueries(alerts_query),
  });
  const act: Act = { send: (method, path, body) => doing.mutate({ method, path, body }) };
  const edit = (next: ReactNode): void => {
    setForm(next);
    if (next === null) void client.invalidateQueries(alerts_query);
  };
  const is_administrator = me.data?.user.role === 'administrator';
  return (
    <>
      <Title order={1} mb="xs">
        Alerts
      </Title>
      {error !== null && <Problem error={error} />}
      {doing.error !== null && <Problem error={doing.error} trying_again={false} />}
      {data === undefined && error === null && <Waiting rows={12} />}
      {data !== undefined && (
        <>
          <Rules alerts={data} act={act} edit={edit} />
          <Channels
            alerts={data}
            act={is_administrator ? act : null}
            add={() => edit(<ChannelForm onClose={() => edit(null)} />)}
          />
          <Schedules
            alerts={data}
            act={act}
            add={() => edit(<ScheduleForm channels={data.channels} onClose={() => edit(null)} />)}
          />
          <Messages alerts={data} />
        </>
      )}
      {form}
    </>
  );
}
