/** For administrators: gateways of their own before the server, where there are any. */
import type { GatewayHealth, GatewayState } from '@apiary/model/api/gateways.ts';
import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { gatewaysQuery, me_query, seesWhole } from '../api.ts';
import { condition_colors } from '../theme.ts';
import { HostileText } from './hostile-text.tsx';
import { Sheet } from './sheet.tsx';
import { Problem } from './state-boxes.tsx';
import { Time } from './time.tsx';

/** Word, colour, and what it means. */
const states: Record<GatewayState, [string, keyof typeof condition_colors, string]> = {
  asking: ['asking', 'live', 'It asks the server every two seconds who may write.'],
  silent: [
    'silent',
    'dead',
    'It has not asked for half a minute or longer: look at its log and its way to the server.',
  ],
  never_asked: ['never asked', 'unknown', 'It has not asked since the server started.'],
  not_enrolled: ['not enrolled', 'never', 'Nobody has run its command yet; it works for an hour.'],
  revoked: ['revoked', 'dead', 'Nothing is taken from it.'],
};

function Row({ gateway, now_ms }: { gateway: GatewayHealth; now_ms: number }) {
  const { name, address, asked_ms, version, created_ms, revoked_ms } = gateway;
  const [word, color, meaning] = states[gateway.state];
  return (
    <tr>
      <td>
        <span
          className={`condition ${color}`}
          style={{ '--mark': condition_colors[color] } as CSSProperties}
          title={meaning}
        >
          {word}
        </span>
      </td>
      <td>
        {name} <HostileText text={version} limit={64} />
      </td>
      <td className="hostile">{address}</td>
      <td>
        {asked_ms === null ? (
          <span className="dim">not since the start</span>
        ) : (
          <Time time={asked_ms} ago_of={now_ms} />
        )}
      </td>
      <td>
        <Time time={created_ms} />
        {revoked_ms !== null && (
          <>
            {' '}
            to <Time time={revoked_ms} />
          </>
        )}
      </td>
    </tr>
  );
}

export function Gateways() {
  const { data: me } = useQuery(me_query);
  const { data, error } = useQuery(gatewaysQuery(me?.user.role === 'administrator' && seesWhole(me.user)));
  if (data === undefined) return error === null ? null : <Problem error={error} />;
  if (data.gateways.length === 0) return null;
  return (
    <section className="section" aria-labelledby="gateways">
      <Title order={2} mb="xs" id="gateways">
        Gateways
      </Title>
      <Sheet heads={['State', 'Gateway', 'Address', 'Asked last', 'Since']}>
        {data.gateways.map((gateway) => (
          <Row key={gateway.gateway_id} gateway={gateway} now_ms={data.now_ms} />
        ))}
      </Sheet>
    </section>
  );
}
