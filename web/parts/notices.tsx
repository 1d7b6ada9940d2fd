/** What the server itself noticed, until an administrator has looked into it. */
import type { Sensors } from '@apiary/model/api/sensors.ts';
import { Alert, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { me_query, send } from '../api.ts';
import { HostileText } from './hostile-text.tsx';
import { Problem } from './state-boxes.tsx';
import { Time } from './time.tsx';

export function Notices({ data }: { data: Sensors }) {
  const { data: me } = useQuery(me_query);
  const client = useQueryClient();
  const close = useMutation({
    mutationFn: (alert_id: number) => send('POST', `/notices/${alert_id}/close`),
    onSuccess: () => client.invalidateQueries(),
  });
  const may_close = me?.user.role === 'administrator' && me.user.honeynets === null;
  return (
    <>
      {close.error !== null && <Problem error={close.error} trying_again={false} />}
      {data.alerts.map((alert) => (
        <Alert key={alert.alert_id} color="red" mb="xs" title={alert.subject}>
          <HostileText text={alert.message} />{' '}
          <span className="dim">
            {alert.count} ×, last <Time time={alert.last_ms} />
          </span>{' '}
          {may_close && (
            <Button
              size="compact-xs"
              variant="default"
              loading={close.isPending && close.variables === alert.alert_id}
              onClick={() => close.mutate(alert.alert_id)}
              aria-label={`Lay aside: ${alert.subject}, ${alert.kind.replaceAll('_', ' ')}`}
            >
              Lay aside
            </Button>
          )}
        </Alert>
      ))}
    </>
  );
}
