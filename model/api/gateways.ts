/** Gateways of their own before the server, and whether they ask it. */
import { z } from 'zod';

export const gateway_states = ['asking', 'silent', 'never_asked', 'not_enrolled', 'revoked'] as const;
export type GatewayState = (typeof gateway_states)[number];

const ms = z.number().meta({ description: 'milliseconds since 1970' });

export const gateway_health_schema = z.object({
  gateway_id: z.number(),
  name: z.string(),
  address: z.string().meta({ description: 'host:port as collectors reach it' }),
  state: z.enum(gateway_states).meta({
    description:
      'asking: it asked in the last 30 s, as it does every two; silent: not for longer; never_asked: not since the server started; not_enrolled: nobody ran its command yet; revoked: nothing is taken from it',
  }),
  asked_ms: ms.nullable().meta({ description: 'null where it did not ask since the server started' }),
  version: z.string().meta({ description: "'' where it did not ask since the server started" }),
  created_ms: ms,
  revoked_ms: ms.nullable(),
});
export type GatewayHealth = z.output<typeof gateway_health_schema>;

export const gateways_schema = z.object({ now_ms: ms, gateways: z.array(gateway_health_schema) });
export type GatewayList = z.output<typeof gateways_schema>;
