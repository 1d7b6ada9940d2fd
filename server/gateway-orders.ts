/** What the command line can ask about gateways of their own. */
import type { GatewayHealth } from '@apiary/model/api/gateways.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { splitAddress } from './config.ts';
import type { ApiaryServer } from './server.ts';

type Args = Record<string, string>;

/** A gateway in the list, its state in words. */
export type GatewayLine = Pick<GatewayHealth, 'name' | 'address' | 'version'> & { state: string };

/** The one line that a person runs on another host, and what stands in its way here; '' where nothing does. */
export interface EnrolCommand {
  command: string;
  warning: string;
}

/** @param program that enrols: its name, and words before `enrol` */
export async function enrolCommand(
  apiary: ApiaryServer,
  program: string,
  token: string,
): Promise<EnrolCommand> {
  await apiary.enrolment.refresh();
  return {
    command: `${program} enrol --server ${apiary.enrolment_address} --token ${token} --authority sha256:${apiary.authority.fingerprint()}`,
    warning: apiary.enrolment.trouble,
  };
}

const nameOf = ({ name }: Args): string => {
  if (name === undefined) throw new OperationalError('input_invalid', 'name the gateway');
  return name;
};

function readAddress(address: string | undefined): string {
  if (address !== undefined && /^[^\s,]+:\d{1,5}$/.test(address)) {
    const { host, port } = splitAddress(address);
    if (host !== '' && port >= 1 && port <= 65_535) return address;
  }
  throw new OperationalError(
    'input_invalid',
    'where will collectors reach it? --address HOST:PORT, for example gate-1.example.org:7443',
  );
}

/** `revoked`, `not enrolled`, `never asked` since the server started, or how long ago it asked. */
export function tellState({ state, asked_ms }: GatewayHealth, now_ms: number): string {
  return (state === 'asking' || state === 'silent') && asked_ms !== null
    ? `asked ${Math.round((now_ms - asked_ms) / 1000)} s ago`
    : state.replaceAll('_', ' ');
}

function listGateways({ gateways, gateway }: ApiaryServer): GatewayLine[] {
  const now_ms = Date.now();
  return gateways.describe(gateway.seen, now_ms).map((one) => {
    const { name, address, version } = one;
    return { name, address, state: tellState(one, now_ms), version };
  });
}

export const gateway_orders = {
  gatewayAdd: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const address = readAddress(args.address);
    const token = apiary.state.transact(() =>
      apiary.gateways.addToken(actor, apiary.gateways.add(actor, nameOf(args), address), false),
    );
    return enrolCommand(apiary, 'apiary gateway', token);
  },
  gatewayReplace: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const gateway = apiary.gateways.byName(nameOf(args));
    return enrolCommand(apiary, 'apiary gateway', apiary.gateways.addToken(actor, gateway, true));
  },
  gatewayRevoke: async (apiary: ApiaryServer, args: Args, actor: string) => {
    apiary.revokeGateway(actor, nameOf(args), args.reason ?? 'revoked by a person');
    return {};
  },
  gatewayList: async (apiary: ApiaryServer) => ({ gateways: listGateways(apiary) }),
} as const;
